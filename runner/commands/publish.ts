import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { resultsDir } from '../paths.ts';
import { type Summary, summarySchema } from '../result/summary-schema.ts';
import { setup } from '../setup/setup.ts';
import { say, setupOptions, stackOption } from './options.ts';

/** `bench publish` */
export function publishCommand(): Command {
  return new Command('publish')
    .description('make the verdict and figures of a run outputs of its stack (bench load does it by itself)')
    .argument('[run]', 'id of the run', 'latest')
    .addOption(stackOption())
    .addHelpText('after', '\nExample:\n  $ bench publish latest')
    .action(async (run: string, flags: { stack?: string }) => {
      const summaryJson = join(resultsDir, run, 'summary.json');
      const summary = await readSummary(run, summaryJson);
      const ready = await setup(setupOptions({}));
      const { openWorkspace, selectStack } = await import('../stack/workspace.ts');
      const { publish, publishedResult } = await import('../stack/publish.ts');
      const stack = await selectStack(await openWorkspace(ready), flags.stack ?? summary.environment.stack);
      await publish(stack, publishedResult(summary, summaryJson));
      say(`Published ${summary.run.id} to stack ${stack.name}: pulumi stack output result`);
    });
}

async function readSummary(run: string, path: string): Promise<Summary> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`there is no run "${run}" in ${resultsDir}; "bench load" makes one`, { cause });
  }
  try {
    const summary: Summary = JSON.parse(text);
    summarySchema.parse(summary);
    return summary;
  } catch (cause) {
    throw new UsageError(`${path} is not a summary of this version of the bench`, { cause });
  }
}
