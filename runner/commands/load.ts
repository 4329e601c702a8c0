import { Command, Option } from 'commander';
import type { BenchOutputs } from '../../infra/outputs.ts';
import type { Endpoints } from '../engine/contract.ts';
import { UsageError } from '../errors.ts';
import { PLACEMENTS, type Placement } from '../generator/placement.ts';
import { catchInterrupt } from '../interrupt.ts';
import type { Measurement } from '../measure.ts';
import { loadProfile } from '../profiles/load.ts';
import { type Override, parseOverride } from '../profiles/override.ts';
import type { Profile } from '../profiles/profile.ts';
import { exitCode } from '../result/exit-code.ts';
import { publishedResult } from '../result/published.ts';
import { required } from '../rows.ts';
import { defaultHost } from '../setup/engine.ts';
import { setup } from '../setup/setup.ts';
import { type Subject, subjectElsewhere, subjectOfStack } from '../subject.ts';
import { addEngineOptions, type EngineFlags, useEngineOf } from './engine-options.ts';
import { headline, say, setupOptions, stackOption, verboseWriter } from './options.ts';
import { outputsOption, readOutputsFile } from './outputs-option.ts';
import { pushOption, pushTarget } from './push-option.ts';
import { addServerOptions, type ServerFlags, serverOf } from './server-options.ts';

interface Flags extends EngineFlags, ServerFlags {
  stack?: string;
  profile: string;
  set: Override[];
  generator: Placement;
  seed?: number;
  push?: string;
  cleanup?: boolean;
  outputs?: string;
  json?: boolean;
  verbose?: boolean;
}

export const profileOption = () =>
  new Option('-p, --profile <name>', 'bundled profile, or path of a YAML file').default('baseline');

export const setOption = () =>
  new Option(
    '--set <path=value>',
    'set a field of the profile, such as scenarios.nginx_handshake.rate=5 or scenarios.*.duration=1m; repeatable',
  )
    .argParser((text, sofar: Override[]) => [...sofar, parseOverride(text, '--set')])
    .default([] as Override[], 'none');

export const generatorOption = () =>
  new Option('--generator <where>', "host: this machine; engine: a container on the stack's own network")
    .choices(PLACEMENTS)
    .default('host');

export const seedOption = () =>
  new Option('--seed <number>', 'replays the plan of an earlier run; random where absent').argParser(
    (text) => {
      const seed = Number(text);
      if (/^\d+$/.test(text) && seed < 2 ** 31) return seed;
      throw new UsageError(`--seed "${text}": must be a whole number from 0 to ${2 ** 31 - 1}`);
    },
  );

/** `bench load` */
export function loadCommand(): Command {
  return addServerOptions(addEngineOptions(new Command('load')))
    .description(
      'run a profile against a stack that is up, judge it, and publish the verdict as stack outputs; or against a server that runs already (--base)',
    )
    .addOption(stackOption())
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(generatorOption())
    .addOption(seedOption())
    .addOption(pushOption())
    .addOption(new Option('--cleanup', "remove the run's certificates from the stack's database after it"))
    .addOption(outputsOption())
    .addOption(
      new Option('--json', "print the verdict and figures as JSON, as they become the stack's outputs"),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ bench load --profile smoke\n  $ CERTCTL_TOKEN=… bench load --base https://certctl.example:8443 --ca ca.pem --profile mine.yaml',
    )
    .action(async (flags: Flags) => {
      const profile = await loadProfile(flags.profile, flags.set, process.env);
      const server = serverOf(flags, process.env);
      const options = { ...flags, profile, push: pushTarget(flags.push, process.env) };
      if (flags.outputs !== undefined) await loadByOutputs(options, readOutputsFile(flags.outputs));
      else if (server !== undefined) await loadElsewhere(options, server);
      else await loadStack(options);
    });
}

type LoadOptions = Omit<Flags, 'profile' | 'push'> & { profile: Profile; push: string | undefined };

async function loadStack(options: LoadOptions): Promise<void> {
  const ready = await setup(setupOptions(useEngineOf(options)));
  const { readOutputs } = await import('../stack/workspace.ts');
  const { openCurrent } = await import('../stack/open.ts');
  const { tryPublish } = await import('../stack/publish.ts');
  const { name, why, stack } = await openCurrent(ready, options.stack);
  headline(`Profile ${options.profile.name} against stack ${name} (${why})`);
  const outputs = await readOutputs(stack);
  const subject = subjectOfStack(outputs, { dockerHost: ready.engine.host, placement: options.generator });
  await measured(options, subject, (measurement) =>
    tryPublish(stack, measurement, say, verboseWriter(options.verbose)),
  );
}

/** As `up` does it with the config `loadInUp`: the stack cannot be asked while it is being made. */
async function loadByOutputs(options: LoadOptions, outputs: BenchOutputs): Promise<void> {
  headline(`Profile ${options.profile.name} against stack ${outputs.bench.stack}`);
  const dockerHost = await defaultHost();
  await measured(options, subjectOfStack(outputs, { dockerHost, placement: options.generator }));
}

async function loadElsewhere(
  options: LoadOptions,
  { name, endpoints }: { name: string; endpoints: Endpoints },
): Promise<void> {
  if (options.cleanup) required(undefined, '--cleanup');
  if (options.profile.seedRows > 0) required(undefined, 'seedRows');
  headline(`Profile ${options.profile.name} against ${name}`);
  await measured(options, subjectElsewhere(endpoints));
}

/** Measures, publishes where there is a stack to publish to, and sets the exit code. */
async function measured(
  { profile, seed, push, json, cleanup }: LoadOptions,
  subject: Subject,
  publish: (measurement: Measurement) => Promise<boolean> = async () => true,
): Promise<void> {
  const { measure } = await import('../measure.ts');
  const interrupt = catchInterrupt(say);
  const measurement = await measure({
    ...{ profile, subject, seed, push },
    command: ['bench', ...process.argv.slice(2)],
    interrupt: interrupt.signal,
    cleanup: cleanup ?? false,
    out: json ? process.stderr : process.stdout,
  });
  const { summary, summaryJson } = measurement;
  if (json) console.log(JSON.stringify(publishedResult(summary, summaryJson)));
  const published = await publish(measurement);
  process.exitCode = exitCode({
    verdict: summary.verdict,
    signal: interrupt.received(),
    aftermathFailed: !published || !measurement.cleanedUp,
  });
  interrupt.dispose();
}
