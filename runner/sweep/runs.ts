/** Ephemeral stacks that nobody needs any more: their processes, what they have in the engine, and their folders. */
import { renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LABEL_STACK } from '../../infra/labels.ts';
import { removeLabelled } from '../stack/engine-objects.ts';
import { lifeOf, type Run, readRuns, readTaken, removeRun, runFolders, takenName } from '../stack/runs.ts';
import type { Leftover } from './leftover.ts';
import { endProcesses, processesWith } from './processes.ts';

/** How long orphans of a run may take to end in order. */
const PATIENCE_MS = 5000;

export function deadRuns(now: number): Leftover[] {
  const dead = [...readRuns(), ...readTaken()].flatMap((run) => {
    const { life, why } = lifeOf(run, now);
    return life === 'dead' ? [{ run, why }] : [];
  });
  return dead.map(({ run, why }) => ({
    ...{ what: 'stack', name: run.name, why },
    since: new Date(run.created),
    engine: run.engine,
    remove: () => removeDead(run),
  }));
}

/** Under another name nobody finds it any more to work with; where removing fails, it gets its name back. */
async function removeDead(run: Run): Promise<void> {
  const taken = { ...run, folder: join(dirname(run.folder), takenName(run.name)) };
  renameSync(run.folder, taken.folder);
  try {
    if (lifeOf(taken, Date.now()).life === 'live') throw new Error('it is in use again');
    const original = { folder: join(dirname(run.folder), run.name) };
    await endProcesses(processesWith(`TMPDIR=${runFolders(original).temporary}`), PATIENCE_MS);
    const engine = { dockerHost: run.engine, dockerCertPath: run.certPath ?? '' };
    await removeLabelled(engine, `${LABEL_STACK}=${run.name}`);
    removeRun(taken);
  } catch (error) {
    renameSync(taken.folder, join(dirname(run.folder), basename(run.folder)));
    throw error;
  }
}
