import type { OutputMap } from '@pulumi/pulumi/automation/index.js';
import { Command, Option } from 'commander';
import { requireFound } from '../doctor/finding.ts';
import { diskSpace, stateDirectory } from '../doctor/folders.ts';
import { UsageError } from '../errors.ts';
import { giveWay } from '../give-way.ts';
import { catchInterrupt, interruptCode } from '../interrupt.ts';
import { durationMs, formatDuration } from '../profiles/duration.ts';
import { loadProfile } from '../profiles/load.ts';
import { type Setup, setup } from '../setup/setup.ts';
import { stackConfigFile } from '../stack/config-file.ts';
import { rememberStack } from '../stack/current.ts';
import type { Deployment } from '../stack/deployment.ts';
import type { Ephemeral } from '../stack/ephemeral.ts';
import { imagesOf, remoteEngine, stackConfig } from '../stack/sources.ts';
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
  imagesConfig,
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
  ephemeral?: boolean;
  ttl?: number;
  config: StackConfig;
  json?: boolean;
  verbose?: boolean;
}

const DEFAULT_TTL_MS = 12 * 3_600_000;

const ephemeralOption = () =>
  new Option(
    '--ephemeral',
    'a stack with a name of its own and state outside of your Pulumi backend; it is up or it is gone',
  ).conflicts('stack');

const ttlOption = () =>
  new Option(
    '--ttl <duration>',
    `how long "bench sweep" leaves an ephemeral stack alone that no command uses (default: ${formatDuration(DEFAULT_TTL_MS)})`,
  ).argParser((text) => {
    const ms = durationMs(text);
    if (ms !== undefined && ms > 0) return ms;
    throw new UsageError(`--ttl "${text}": must be a duration such as 30m or 12h`);
  });

/** `bench up` */
export function upCommand(): Command {
  return addNewStackEngineOptions(new Command('up'))
    .description('bring a stack up (and set the machine up first, if need be)')
    .addOption(stackOption().default('dev'))
    .addOption(ephemeralOption())
    .addOption(ttlOption())
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
      if (flags.ttl !== undefined && !flags.ephemeral) throw new UsageError('--ttl: goes with --ephemeral');
      const name = flags.ephemeral ? undefined : (flags.stack ?? 'dev');
      const images = imagesConfig(flags, flags.config);
      const given = { ...flags.config, ...images, ...engineConfig(flags) };
      checkConfig(given, name);
      // Told before anything is made, not after the stack is up.
      if (given.loadInUp) await loadProfile(given.loadInUp, [], process.env);
      await requireFound([stateDirectory, diskSpace]);
      useStackEngine(given, name);
      warnOfExposure(given, name);
      const ready = await setup(setupOptions(flags, imagesOf(stackConfigFile(name), given)));
      const all = { ...flags, config: { ...remoteEngine(ready.engine), ...given } };
      await (name === undefined ? ephemeral(all, ready) : persistent(all, name, ready));
    });
}

async function persistent(flags: Flags, name: string, ready: Setup): Promise<void> {
  const { openStack, openWorkspace } = await import('../stack/workspace.ts');
  const { up } = await import('../stack/up.ts');
  const { forgetHalfMade } = await import('../stack/repair.ts');
  const { readDeployment } = await import('../stack/deployment.ts');
  const { requireItsEngine } = await import('../stack/its-engine.ts');
  const interrupt = catchInterrupt(say);
  headline(`Stack ${name}`);
  const { host } = ready.engine;
  let outputs: OutputMap;
  try {
    let found: Deployment | undefined;
    const stack = await openStack(await openWorkspace(ready), name, async (have, opened) => {
      found = await readDeployment(opened);
      await requireItsEngine(name, found, host);
      const config = stackConfig(ready, have, flags.config, say);
      if (!config.loadInUp) giveWay();
      return config;
    });
    rememberStack(name);
    if (found) await forgetHalfMade(stack, found, host, say);
    outputs = await up(stack, { interrupt: interrupt.signal, say, verbose: verboseWriter(flags.verbose) });
  } catch (error) {
    process.exitCode = interruptCode(interrupt);
    if (!interrupt.signal.aborted) throw error;
    say(
      `Stack ${name} is half up: "bench up --stack ${name}" goes on, "bench down --stack ${name}" removes it.`,
    );
    return;
  }
  await tell(name, outputs, flags);
}

async function ephemeral(flags: Flags, ready: Setup): Promise<void> {
  const { makeEphemeral, uniqueName, upOrGone } = await import('../stack/ephemeral.ts');
  const { keepRun } = await import('../stack/runs.ts');
  const interrupt = catchInterrupt(say);
  const name = uniqueName('ephemeral');
  headline(`Stack ${name}`);
  let made: Ephemeral;
  let outputs: OutputMap;
  try {
    const config = stackConfig(ready, {}, flags.config, say);
    if (!config.loadInUp) giveWay();
    made = await makeEphemeral(ready, name, config);
    outputs = await upOrGone(made, {
      interrupt: interrupt.signal,
      say,
      verbose: verboseWriter(flags.verbose),
    });
  } catch (error) {
    process.exitCode = interruptCode(interrupt);
    if (!interrupt.signal.aborted) throw error;
    return;
  }
  const { ttl = DEFAULT_TTL_MS } = flags;
  keepRun(made.run, ttl);
  rememberStack(name);
  await tell(name, outputs, flags);
  say(
    `It stays until "bench down --stack ${name}"; "bench sweep" removes it after ${formatDuration(ttl)}, unless a command uses it.`,
  );
}

async function tell(name: string, outputs: OutputMap, flags: Flags): Promise<void> {
  const { parseOutputs } = await import('../stack/workspace.ts');
  const { bench } = parseOutputs(name, outputs);
  if (flags.json) console.log(JSON.stringify(bench, null, 2));
  else say(`certctl (${bench.subject.kind}) answers at ${bench.certctl.url}. Next: bench load, bench down.`);
}
