/**
 * Stacks of a checkout that are brought up at the same time take turns. One `up` keeps about two processors busy: more
 * of them are no sooner up, and their starting containers would take the processors from what is measured meanwhile.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { completeFolders, otherHolders } from './held-folder.ts';
import { leaveFolder, temporaryFolder, temporaryRoot } from './temporary.ts';

const PREFIX = 'turn';
const PROCESSORS_PER_UP = 2;
const LOOK_EVERY_MS = 100;

/**
 * Does `work` once so few that came before are left that there are processors for it. Who has ended counts no more.
 * @throws what `work` fails with, or the reason of `interrupt`
 */
export async function inTurn<Value>(
  work: () => Promise<Value>,
  { interrupt, say }: { interrupt: AbortSignal; say: (line: string) => void },
): Promise<Value> {
  // A ticket: names sort by the time at which they were taken.
  const ticket = temporaryFolder(`${PREFIX}-${Date.now()}`);
  try {
    const atOnce = Math.max(1, Math.floor(availableParallelism() / PROCESSORS_PER_UP));
    let ahead = countAhead(ticket);
    if (ahead >= atOnce) say(`  waiting until other stacks of this checkout are up (${ahead} came before)`);
    for (; ahead >= atOnce; ahead = countAhead(ticket))
      await sleep(LOOK_EVERY_MS, undefined, { signal: interrupt });
    return await work();
  } finally {
    leaveFolder(ticket);
  }
}

function countAhead(ticket: string): number {
  const tickets = completeFolders(temporaryRoot).filter((name) => name.startsWith(`${PREFIX}-`));
  const before = tickets.map((name) => join(temporaryRoot, name)).filter((other) => other < ticket);
  return before.filter((other) => otherHolders(other).length > 0).length;
}
