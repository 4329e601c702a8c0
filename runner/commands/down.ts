import { Command } from 'commander';
import { EnvironmentError } from '../errors.ts';
import { giveWay } from '../give-way.ts';
import { catchInterrupt, interruptCode } from '../interrupt.ts';
import { stopPrivateEngine } from '../setup/engine.ts';
import { isIdle } from '../setup/idle.ts';
import { setup } from '../setup/setup.ts';
import { otherHolders } from '../stack/held-folder.ts';
import type { Run } from '../stack/runs.ts';
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
      giveWay();
      const { openCurrent } = await import('../stack/open.ts');
      const { forgetStack } = await import('../stack/current.ts');
      const { down } = await import('../stack/down.ts');
      const { name, why, stack, host, run } = await openCurrent(ready, flags.stack);
      if (run) requireUnused(run);
      headline(`Taking stack ${name} down (${why})`);
      const interrupt = catchInterrupt(say);
      try {
        await down(stack, host, {
          run,
          interrupt: interrupt.signal,
          say,
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

/** @throws EnvironmentError where another command works with the stack. */
function requireUnused({ name, folder }: Run): void {
  const [user] = otherHolders(folder);
  if (user === undefined) return;
  throw new EnvironmentError(
    `stack "${name}" is used by process ${user.pid}; wait for it, or end it with Ctrl-C (kill ${user.pid})`,
  );
}
