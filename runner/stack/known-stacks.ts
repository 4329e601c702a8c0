/** Every stack that is known here, and who works on it. */
import { embeddedState, hasOwnLogin } from './backend.ts';
import type { Machine } from './environment.ts';
import type { Known } from './list.ts';
import { leftoverLocks } from './locks.ts';
import { lifeOf, readRuns } from './runs.ts';
import { openRun, openWorkspace } from './workspace.ts';

export async function knownStacks(machine: Machine): Promise<Known[]> {
  return (await Promise.all([persistent(machine), ephemeral(machine)])).flat();
}

async function ephemeral(machine: Machine): Promise<Known[]> {
  const now = Date.now();
  const known = readRuns().map(async (run) => {
    const workspace = await openRun(machine, run);
    return { name: run.name, kind: 'ephemeral', workspace, ...lifeOf(run, now) } satisfies Known;
  });
  return Promise.all(known);
}

async function persistent(machine: Machine): Promise<Known[]> {
  const workspace = await openWorkspace(machine);
  const leftover = hasOwnLogin() ? [] : leftoverLocks(embeddedState);
  return (await workspace.listStacks()).map(({ name }) => {
    const lock = leftover.find(({ stack }) => stack === name);
    return {
      ...{ name, kind: 'persistent', workspace },
      ...(lock
        ? { life: 'dead', why: `process ${lock.holder.pid}, which is gone, holds its lock` }
        : { life: 'live', why: 'stays until "bench down"' }),
    } satisfies Known;
  });
}
