import { Command } from 'commander';
import { requireFound } from '../doctor/finding.ts';
import { diskSpace, resultsDirectory, stateDirectory } from '../doctor/folders.ts';
import { EXIT, type ExitCode, UsageError } from '../errors.ts';
import type { Placement } from '../generator/placement.ts';
import { catchInterrupt, interruptCode } from '../interrupt.ts';
import { loadProfile } from '../profiles/load.ts';
import type { Override } from '../profiles/override.ts';
import { stopPrivateEngine } from '../setup/engine.ts';
import { isIdle } from '../setup/idle.ts';
import { type Setup, setup } from '../setup/setup.ts';
import { imagesOf, remoteEngine } from '../stack/sources.ts';
import { Stopwatch } from '../stopwatch.ts';
import { checkConfig } from './config-check.ts';
import {
  addNewStackEngineOptions,
  type EngineFlags,
  engineConfig,
  useStackEngine,
  warnOfExposure,
} from './engine-options.ts';
import { generatorOption, profileOption, seedOption, setOption } from './load.ts';
import {
  configOption,
  headline,
  imagesConfig,
  imagesOption,
  type SetupFlags,
  type StackConfig,
  say,
  setupOptions,
  toolchainOption,
  verboseWriter,
  yesOption,
} from './options.ts';
import { pushOption, pushTarget } from './push-option.ts';

export interface LoadtestFlags extends SetupFlags, EngineFlags {
  profile: string;
  set: Override[];
  generator: Placement;
  seed?: number;
  push?: string;
  config: StackConfig;
  verbose?: boolean;
}

/** `bench loadtest` */
export function loadtestCommand(): Command {
  return addNewStackEngineOptions(new Command('loadtest'))
    .description('all in one: set up, bring up a stack of its own, load, judge, and take everything down')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(generatorOption())
    .addOption(seedOption())
    .addOption(pushOption())
    .addOption(configOption())
    .addOption(yesOption())
    .addOption(imagesOption())
    .addOption(toolchainOption())
    .addHelpText('after', '\nExample:\n  $ bench loadtest --yes --profile smoke')
    .action(async (flags: LoadtestFlags) => {
      const profile = await loadProfile(flags.profile, flags.set, process.env);
      const push = pushTarget(flags.push, process.env);
      if (flags.config.loadInUp)
        throw new UsageError('--config loadInUp: is for "bench up"; loadtest runs its own --profile');
      const images = imagesConfig(flags, flags.config);
      const given = { ...profile.stack, ...flags.config, ...images, ...engineConfig(flags) };
      checkConfig(given, undefined);
      await requireFound([stateDirectory, resultsDirectory, diskSpace]);
      const watch = new Stopwatch();
      useStackEngine(given, undefined);
      warnOfExposure(given, undefined);
      headline('Setting up');
      const ready = await watch.time('setup', setup(setupOptions(flags, imagesOf({}, given))));
      const interrupt = catchInterrupt(say);
      const { runOnOwnStack } = await import('../stack/own-stack.ts');
      const { uniqueName } = await import('../stack/ephemeral.ts');
      const name = uniqueName('loadtest');
      let code: ExitCode;
      let isStopped = false;
      try {
        code = await runOnOwnStack({
          name,
          profile,
          ready,
          placement: flags.generator,
          seed: flags.seed,
          push,
          config: { ...remoteEngine(ready.engine), ...given },
          interrupt,
          watch,
          say,
          headline,
          verbose: verboseWriter(flags.verbose),
        });
      } catch (error) {
        if (!interrupt.signal.aborted) throw error;
        code = interruptCode(interrupt) ?? EXIT.interrupted;
      } finally {
        isStopped = await watch.time('engine', stopOwnEngine(ready));
        interrupt.dispose();
        say(`Time: ${watch.summary()}`);
      }
      process.exitCode = code === EXIT.passed && !isStopped ? EXIT.environment : code;
    });
}

/**
 * Who started the private engine stops it, unless other stacks have come to use it.
 * @returns false where it did not stop: that is told, and hides no other failure.
 */
async function stopOwnEngine({ startedEngine, engine }: Setup): Promise<boolean> {
  try {
    if (startedEngine && (await isIdle(engine))) await stopPrivateEngine();
    return true;
  } catch (error) {
    say((error as Error).message);
    return false;
  }
}
