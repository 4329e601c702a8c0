import { Command } from 'commander';
import { requireFound } from '../doctor/finding.ts';
import { diskSpace, stateDirectory } from '../doctor/folders.ts';
import { catchInterrupt, interruptCode } from '../interrupt.ts';
import { setup } from '../setup/setup.ts';
import { rememberStack } from '../stack/current.ts';
import { checkConfig } from './config-check.ts';
import {
  addNewStackEngineOptions,
  type EngineFlags,
  engineConfig,
  useStackEngine,
  warnOfExposure,
} from './engine-options.ts';
import {
  configOption,
  headline,
  imagesOption,
  jsonOption,
  type SetupFlags,
  type StackConfig,
  say,
  setupOptions,
  stackOption,
  toolchainOption,
  verboseWriter,
  yesOption,
} from './options.ts';

interface Flags extends SetupFlags, EngineFlags {
  stack?: string;
  config: StackConfig;
  json?: boolean;
  verbose?: boolean;
}

/** `bench up` */
export function upCommand(): Command {
  return addNewStackEngineOptions(new Command('up'))
    .description('bring a stack up (and set the machine up first, if need be)')
    .addOption(stackOption().default('dev'))
    .addOption(configOption())
    .addOption(yesOption())
    .addOption(imagesOption())
    .addOption(toolchainOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ bench up --stack dev -c subject=stand-in\n  $ bench up --stack far --docker-host ssh://me@hardware',
    )
    .action(async (flags: Flags) => {
      const name = flags.stack ?? 'dev';
      const given = { ...flags.config, ...engineConfig(flags) };
      checkConfig(given, name);
      await requireFound([stateDirectory, diskSpace]);
      useStackEngine(given, name);
      warnOfExposure(given, name);
      const ready = await setup(setupOptions(flags));
      const { openStack, openWorkspace, readOutputs } = await import('../stack/workspace.ts');
      const { up } = await import('../stack/up.ts');
      const { remoteEngine, stackConfig } = await import('../stack/sources.ts');
      const interrupt = catchInterrupt(say);
      headline(`Stack ${name}`);
      const stack = await openStack(await openWorkspace(ready), name, (have) =>
        stackConfig(ready, have, { ...remoteEngine(ready.engine), ...given }, say),
      );
      rememberStack(name);
      try {
        await up(stack, { interrupt: interrupt.signal, say, verbose: verboseWriter(flags.verbose) });
      } catch (error) {
        process.exitCode = interruptCode(interrupt);
        if (!interrupt.signal.aborted) throw error;
        say(
          `Stack ${name} is half up: "bench up --stack ${name}" goes on, "bench down --stack ${name}" removes it.`,
        );
        return;
      }
      const { bench } = await readOutputs(stack);
      if (flags.json) console.log(JSON.stringify(bench, null, 2));
      else
        say(`certctl (${bench.subject.kind}) answers at ${bench.certctl.url}. Next: bench load, bench down.`);
    });
}
