import { Command, Option } from 'commander';
import type { Endpoints } from '../engine/contract.ts';
import { UsageError } from '../errors.ts';
import { PLACEMENTS, type Placement } from '../generator/placement.ts';
import { catchInterrupt } from '../interrupt.ts';
import { loadProfile } from '../profiles/load.ts';
import { type Override, parseOverride } from '../profiles/override.ts';
import type { Profile } from '../profiles/profile.ts';
import { exitCode } from '../result/exit-code.ts';
import { required } from '../rows.ts';
import { setup } from '../setup/setup.ts';
import { subjectElsewhere, subjectOfStack } from '../subject.ts';
import { addEngineOptions, type EngineFlags, useEngineOf } from './engine-options.ts';
import { headline, say, setupOptions, stackOption, verboseWriter } from './options.ts';
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
    .addHelpText(
      'after',
      '\nExample:\n  $ bench load --profile smoke\n  $ CERTCTL_TOKEN=… bench load --base https://certctl.example:8443 --ca ca.pem --profile mine.yaml',
    )
    .action(async (flags: Flags) => {
      const profile = await loadProfile(flags.profile, flags.set, process.env);
      const server = serverOf(flags, process.env);
      const push = pushTarget(flags.push, process.env);
      if (server !== undefined) {
        if (flags.cleanup) required(undefined, '--cleanup');
        if (profile.seedRows > 0) required(undefined, 'seedRows');
        headline(`Profile ${profile.name} against ${server.name}`);
        await loadElsewhere(profile, server.endpoints, flags.seed, push);
        return;
      }
      const source = useEngineOf(flags);
      const ready = await setup(setupOptions(source));
      const { readOutputs } = await import('../stack/workspace.ts');
      const { openCurrent } = await import('../stack/open.ts');
      const { tryPublish } = await import('../stack/publish.ts');
      const { measure } = await import('../measure.ts');
      const { name, why, stack } = await openCurrent(ready, flags.stack);
      headline(`Profile ${profile.name} against stack ${name} (${why})`);
      const outputs = await readOutputs(stack);
      const interrupt = catchInterrupt(say);
      const measurement = await measure({
        profile,
        subject: subjectOfStack(outputs, { dockerHost: ready.engine.host, placement: flags.generator }),
        seed: flags.seed,
        command: ['bench', ...process.argv.slice(2)],
        interrupt: interrupt.signal,
        cleanup: flags.cleanup ?? false,
        push,
      });
      const published = await tryPublish(stack, measurement, say, verboseWriter(flags.verbose));
      process.exitCode = exitCode({
        verdict: measurement.summary.verdict,
        signal: interrupt.received(),
        aftermathFailed: !published || !measurement.cleanedUp,
      });
      interrupt.dispose();
    });
}

/** Nothing is set up, and nothing is published. */
async function loadElsewhere(
  profile: Profile,
  endpoints: Endpoints,
  seed: number | undefined,
  push: string | undefined,
): Promise<void> {
  const { measure } = await import('../measure.ts');
  const interrupt = catchInterrupt(say);
  const { summary } = await measure({
    profile,
    subject: subjectElsewhere(endpoints),
    seed,
    command: ['bench', ...process.argv.slice(2)],
    interrupt: interrupt.signal,
    cleanup: false,
    push,
  });
  process.exitCode = exitCode({ verdict: summary.verdict, signal: interrupt.received() });
  interrupt.dispose();
}
