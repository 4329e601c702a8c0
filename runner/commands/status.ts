import { Command } from 'commander';
import { findEngine } from '../setup/engine.ts';
import { setup } from '../setup/setup.ts';
import { addEngineOptions, type EngineFlags, useEngineOf } from './engine-options.ts';
import { jsonOption, setupOptions, stackOption } from './options.ts';

/** `bench status` */
export function statusCommand(): Command {
  return addEngineOptions(new Command('status'))
    .description('show the engine, the stack and how its services are')
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ bench status --json')
    .action(async (flags: EngineFlags & { stack?: string; json?: boolean }) => {
      const source = useEngineOf(flags);
      // Looking must not start anything.
      if (!(await findEngine())) {
        console.log(
          flags.json
            ? JSON.stringify({ engine: null, stack: null })
            : 'No Docker engine answers; "bench up" starts one.',
        );
        return;
      }
      const ready = await setup(setupOptions(source));
      const { openCurrent } = await import('../stack/open.ts');
      const { stackStatus } = await import('../stack/status.ts');
      const { stack, host } = await openCurrent(ready, flags.stack);
      const status = await stackStatus(stack, { ...ready.engine, host });
      if (flags.json) {
        console.log(JSON.stringify(status, null, 2));
        return;
      }
      console.log(`Engine  ${status.engine.version} (${status.engine.kind}) ${status.engine.host}`);
      console.log(`Stack   ${status.stack} (${status.up ? `up, subject ${status.subject}` : 'not up'})`);
      for (const { service, state, url } of status.services)
        console.log(`  ${service.padEnd(10)} ${state.padEnd(28)} ${url}`);
      if (status.result) console.log(`Result  ${status.result.run} ${status.result.verdict}`);
    });
}
