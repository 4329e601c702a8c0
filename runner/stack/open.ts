/** The stack that a command means, opened where it is kept. */
import { Stack } from '@pulumi/pulumi/automation/index.js';
import { currentRun, currentStack } from './current.ts';
import type { Machine } from './environment.ts';
import { type Run, useRun } from './runs.ts';
import { openRun, openWorkspace, selectStack, withoutHistory } from './workspace.ts';

export interface Opened {
  name: string;
  /** Why this one is meant. */
  why: string;
  stack: Stack;
  /** Address of the engine that it stands on. */
  host: string;
  /** Of an ephemeral stack; this process uses it from now on. */
  run?: Run;
}

/**
 * @param flag what `--stack` says
 * @throws UsageError where no stack is meant, or the one that is does not exist.
 */
export async function openCurrent(machine: Machine, flag: string | undefined): Promise<Opened> {
  const ephemeral = currentRun(flag);
  if (ephemeral) {
    const { run, why } = ephemeral;
    useRun(run);
    const stack = withoutHistory(await Stack.select(run.name, await openRun(machine, run)));
    return { name: run.name, why, stack, host: run.engine, run };
  }
  const workspace = await openWorkspace(machine);
  const { name, why } = await currentStack(flag, workspace);
  return { name, why, stack: await selectStack(workspace, name), host: machine.engine.host };
}
