import { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { readRun } from '../result/read.ts';
import type { Summary } from '../result/summary-schema.ts';
import { setup } from '../setup/setup.ts';
import { useEngineOf } from './engine-options.ts';
import { say, setupOptions, stackOption } from './options.ts';

/** `bench publish` */
export function publishCommand(): Command {
  return new Command('publish')
    .description('make the verdict and figures of a run outputs of its stack (bench load does it by itself)')
    .argument('[run]', 'id of the run, or path of its folder', 'latest')
    .addOption(stackOption())
    .addHelpText('after', '\nExample:\n  $ bench publish latest')
    .action(async (run: string, flags: { stack?: string }) => {
      const { summary, summaryJson } = await readRun(run);
      const name = flags.stack ?? stackOf(summary);
      const ready = await setup(setupOptions(useEngineOf({ stack: name })));
      const { openCurrent } = await import('../stack/open.ts');
      const { publish } = await import('../stack/publish.ts');
      const { publishedResult } = await import('../result/published.ts');
      const { stack } = await openCurrent(ready, name);
      await publish(stack, publishedResult(summary, summaryJson));
      say(`Published ${summary.run.id} to stack ${stack.name}: pulumi stack output result`);
    });
}

function stackOf({ run, environment }: Summary): string {
  if (environment.stack !== null) return environment.stack;
  throw new UsageError(
    `run ${run.id} measured a server without a stack: name a stack with --stack to publish it there`,
  );
}
