/** Stacks that leave nothing on this machine: all that they have here is in their run directory. */
import { randomBytes } from 'node:crypto';
import { type OutputMap, Stack } from '@pulumi/pulumi/automation/index.js';
import type { ConfigKey } from '../../infra/config-keys.ts';
import { down } from './down.ts';
import type { Machine } from './environment.ts';
import { makeRun, type Run, removeRun } from './runs.ts';
import { type OperationOptions, up } from './up.ts';
import { openRun, withoutHistory } from './workspace.ts';

export interface Ephemeral {
  stack: Stack;
  run: Run;
}

/** A name that no other stack of the engine has. */
export const uniqueName = (prefix: string) => `${prefix}-${randomBytes(4).toString('hex')}`;

/**
 * Makes an empty stack with this config, in a run directory that this process holds.
 * @throws what Pulumi failed with, or was interrupted by; then the run directory is gone
 */
export async function makeEphemeral(
  machine: Machine,
  name: string,
  config: Partial<Record<ConfigKey, string>>,
): Promise<Ephemeral> {
  const run = makeRun(name, config.dockerHost || machine.engine.host, config);
  try {
    return { run, stack: withoutHistory(await Stack.create(name, await openRun(machine, run))) };
  } catch (error) {
    removeRun(run);
    throw error;
  }
}

/**
 * Brings an ephemeral stack up; if that fails or is interrupted, nothing of it stays.
 * @returns its outputs
 * @throws what `up` failed with
 */
export async function upOrGone({ stack, run }: Ephemeral, options: OperationOptions): Promise<OutputMap> {
  try {
    options.interrupt.throwIfAborted();
    const outputs = await up(stack, options);
    options.interrupt.throwIfAborted();
    return outputs;
  } catch (error) {
    options.say(`Taking stack ${run.name} down`);
    await downCalmly({ stack, run }, options);
    throw error;
  }
}

/**
 * Takes it down; a signal that ended what went before does not end this as well.
 * @returns false where something is left, which is told
 */
export async function downCalmly(
  { stack, run }: Ephemeral,
  { say, verbose }: Omit<OperationOptions, 'interrupt'>,
): Promise<boolean> {
  try {
    await down(stack, run.engine, { interrupt: new AbortController().signal, say, verbose, run });
    return true;
  } catch (error) {
    const { name } = run;
    say(
      `${(error as Error).message}\nStack ${name} is still there: "bench down --stack ${name}" tries again.`,
    );
    return false;
  }
}
