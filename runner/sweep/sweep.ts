/** Removes what commands that have ended left behind, and never what a living one needs or what is not the bench's. */
import { abandonedBuilds } from './builds.ts';
import { orphanedEngines } from './engines.ts';
import { leftoverFolders } from './folders.ts';
import type { Leftover } from './leftover.ts';
import { orphanedObjects } from './objects.ts';
import { deadRuns } from './runs.ts';

export interface SweepOptions {
  /** Address of the engine to look into; undefined: none answers. */
  engine: string | undefined;
  /** Only what was made at least so long ago; above 0, that counts for what other machines made as well. */
  olderThanMs: number;
}

export interface Found {
  /** What is left, in the order in which it has to go. */
  leftovers: Leftover[];
  /** What other machines made in the engine and may need: whether they do, only its age can say. */
  notTouched: Leftover[];
}

export async function findLeftovers({ engine, olderThanMs }: SweepOptions): Promise<Found> {
  const now = Date.now();
  const all = [
    ...deadRuns(now),
    ...(engine === undefined ? [] : [...(await orphanedObjects(engine)), ...(await abandonedBuilds(engine))]),
    ...leftoverFolders(now),
    ...orphanedEngines(now),
  ];
  // What was made just now may seem to be made later: times of files are rounded, and an engine has its own clock.
  const isOld = ({ since }: Leftover) => Math.max(0, now - since.getTime()) >= olderThanMs;
  const isToGo = (one: Leftover) => isOld(one) && (one.machine === undefined || olderThanMs > 0);
  return {
    leftovers: all.filter(isToGo),
    notTouched: all.filter((one) => one.machine !== undefined && !isToGo(one)),
  };
}

export interface Swept extends Pick<Leftover, 'what' | 'name' | 'why'> {
  /** ISO 8601. */
  since: string;
  removed: boolean;
  /** Why it is still there. */
  error?: string;
}

/** Removes each; what cannot be removed does not keep the others. */
export async function sweep(leftovers: Leftover[], { dryRun }: { dryRun: boolean }): Promise<Swept[]> {
  const swept: Swept[] = [];
  for (const { what, name, why, since, remove } of leftovers) {
    const entry = { what, name, why, since: since.toISOString() };
    if (dryRun) {
      swept.push({ ...entry, removed: false });
      continue;
    }
    try {
      await remove();
      swept.push({ ...entry, removed: true });
    } catch (error) {
      swept.push({ ...entry, removed: false, error: firstLine(error) });
    }
  }
  return swept;
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split('\n')[0] ?? '';
}
