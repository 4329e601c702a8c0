import { Command } from 'commander';
import { catchInterrupt, interruptCode } from '../interrupt.ts';
import { isIdle, stopPrivateEngine } from '../setup/engine.ts';
import { setup } from '../setup/setup.ts';
import { addEngineOptions, type EngineFlags, useEngineOf } from './engine-options.ts';
import { headline, say, setupOptions, stackOption, verboseWriter } from './options.ts';

/** `bench down` */
export function downCommand(): Command {
  return addEngineOptions(new Command('down'))
    .description('take a stack down, with its volumes and its state; the last one stops the private engine')
    .addOption(stackOption())
    .addHelpText('after', '\nExample:\n  $ bench down --stack dev')
    .action(async (flags: EngineFlags & { stack?: string; verbose?: boolean }) => {
      const source = useEngineOf(flags);
      const ready = await setup(setupOptions(source));
      const { openWorkspace, selectStack } = await import('../stack/workspace.ts');
      const { currentStack, forgetStack } = await import('../stack/current.ts');
      const { down } = await import('../stack/down.ts');
      const workspace = await openWorkspace(ready);
      const { name, why } = await currentStack(flags.stack, workspace);
      headline(`Taking stack ${name} down (${why})`);
      const interrupt = catchInterrupt(say);
      try {
        const stack = await selectStack(workspace, name);
        await down(stack, ready.engine.host, {
          interrupt: interrupt.signal,
          verbose: verboseWriter(flags.verbose),
        });
      } catch (error) {
        process.exitCode = interruptCode(interrupt);
        if (!interrupt.signal.aborted) throw error;
        return;
      }
      forgetStack(name);
      if (ready.engine.kind === 'private' && (await isIdle(ready.engine))) await stopPrivateEngine();
      say(`Stack ${name} is gone.`);
      interrupt.dispose();
    });
}
