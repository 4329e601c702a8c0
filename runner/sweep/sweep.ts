/** Removes what commands that have ended left behind, and never what a living one needs or what is not the bench's. */
import { orphanedEngines } from './engines.ts';
import { leftoverFolders } from './folders.ts';
import type { Leftover } from './leftover.ts';
import { orphanedObjects } from './objects.ts';
import { deadRuns } from './runs.ts';

export interface SweepOptions {
  /** Address of the engine to look into; undefined: none answers. */
  engine: string | undefined;
  /** Only what was made at least so long ago. */
  olderThanMs: number;
}

/** What is left, in the order in which it has to go. */
export async function findLeftovers({ engine, olderThanMs }: SweepOptions): Promise<Leftover[]> {
  const now = Date.now();
  const all = [
    ...deadRuns(now),
    ...(engine === undefined ? [] : await orphanedObjects(engine)),
    ...leftoverFolders(now),
    ...orphanedEngines(now),
  ];
  // What was made just now may seem to be made later: times of files are rounded, and an engine has its own clock.
  return all.filter(({ since }) => Math.max(0, now - since.getTime()) >= olderThanMs);
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
