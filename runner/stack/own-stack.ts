/** The life of a stack that exists for one run: up, load, publish, down. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import type { ConfigKey } from '../../infra/config-keys.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import type { Placement } from '../generator/placement.ts';
import { type Interrupt, interruptCode } from '../interrupt.ts';
import { measure } from '../measure.ts';
import type { Profile } from '../profiles/profile.ts';
import { exitCode } from '../result/exit-code.ts';
import type { Setup } from '../setup/setup.ts';
import type { Stopwatch } from '../stopwatch.ts';
import { subjectOfStack } from '../subject.ts';
import { downCalmly, makeEphemeral } from './ephemeral.ts';
import { maskedOutputs, tryPublish } from './publish.ts';
import { stackConfig } from './sources.ts';
import { up } from './up.ts';
import { parseOutputs } from './workspace.ts';

export interface OwnStackOptions {
  name: string;
  profile: Profile;
  ready: Setup;
  placement: Placement;
  seed: number | undefined;
  push: string | undefined;
  config: Partial<Record<ConfigKey, string>>;
  interrupt: Interrupt;
  watch: Stopwatch;
  say: (line: string) => void;
  headline: (line: string) => void;
  verbose: ((text: string) => void) | undefined;
}

/**
 * @returns the exit code of the run. Whatever happens, the stack is taken down.
 * @throws what `up` or the run failed with, after the stack was taken down.
 */
export async function runOnOwnStack(options: OwnStackOptions): Promise<ExitCode> {
  const { name, ready, config, interrupt, watch, say, headline, verbose } = options;
  headline(`Stack ${name}`);
  const made = await makeEphemeral(ready, name, stackConfig(ready, {}, config, say));
  let code: ExitCode;
  let isDown = false;
  try {
    code = await upAndMeasure(made.stack, options);
  } finally {
    headline(`Taking stack ${name} down`);
    isDown = await watch.time('down', downCalmly(made, { say, verbose }));
  }
  // Ctrl-C reaches Pulumi too, and ends what it is taking down.
  return code === EXIT.passed && !isDown ? (interruptCode(interrupt) ?? EXIT.environment) : code;
}

async function upAndMeasure(stack: Stack, options: OwnStackOptions): Promise<ExitCode> {
  const { profile, ready, placement, seed, push, interrupt, watch, say, headline, verbose } = options;
  // It may have come while the stack was made: then there is nothing to bring up.
  interrupt.signal.throwIfAborted();
  const made = await watch.time('up', up(stack, { interrupt: interrupt.signal, say, verbose }));
  const outputs = parseOutputs(stack.name, made);
  interrupt.signal.throwIfAborted();
  headline(`Profile ${profile.name}`);
  const command = ['bench', ...process.argv.slice(2)];
  const measurement = await watch.time(
    'load',
    measure({
      profile,
      subject: subjectOfStack(outputs, { dockerHost: ready.engine.host, placement }),
      seed,
      command,
      interrupt: interrupt.signal,
      // They go with the stack.
      cleanup: false,
      push,
    }),
  );
  const published = await watch.time('publish', tryPublish(stack, measurement, say, verbose));
  const kept = await tryKeepOutputs(stack, measurement.directory, say);
  return exitCode({
    verdict: measurement.summary.verdict,
    signal: interrupt.received(),
    aftermathFailed: !published || !kept,
  });
}

/** Keeps the outputs of a stack that goes down among the results; a failure is told, and hides no verdict. */
async function tryKeepOutputs(
  stack: Stack,
  directory: string,
  say: (line: string) => void,
): Promise<boolean> {
  try {
    const outputs = await maskedOutputs(stack);
    await writeFile(join(directory, 'stack-outputs.json'), `${JSON.stringify(outputs, null, 2)}\n`);
    return true;
  } catch (error) {
    say(`the stack's outputs were not kept: ${(error as Error).message}`);
    return false;
  }
}
