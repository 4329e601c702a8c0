/** What an operation that was killed leaves in the way of the next one. */
import { ConcurrentUpdateError, type Stack } from '@pulumi/pulumi/automation/index.js';
import { LABEL_INCARNATION } from '../../infra/labels.ts';
import { isAlive } from '../liveness.ts';
import { engineAt } from '../setup/use-engine.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import { removeLabelled } from './engine-objects.ts';

/** As Pulumi's DIY backend tells each lock (pkg/backend/diy/lock.go). */
const LOCK = /created by \S+@(\S+) \(pid (\d+)\)/g;

/**
 * Runs `operate`; where nothing but locks of processes that have ended is in its way, takes them away, which it says, and
 * runs it again.
 */
export async function unlessLocked<T>(
  stack: Pick<Stack, 'cancel'>,
  operate: () => Promise<T>,
  say: (line: string) => void,
): Promise<T> {
  try {
    return await operate();
  } catch (error) {
    const ended = endedHolders(error);
    if (ended === undefined) throw error;
    say(`Repairing: the stack is locked by process ${ended.join(', ')}, which has ended`);
    await stack.cancel();
    return operate();
  }
}

/** The processes that hold the locks; undefined where one of them lives, or it is another failure. */
function endedHolders(error: unknown): number[] | undefined {
  if (!(error instanceof ConcurrentUpdateError)) return undefined;
  const holders = [...error.message.matchAll(LOCK)].map(([, hostname = '', pid]) => ({
    ...{ hostname, pid: Number(pid) },
  }));
  return holders.length > 0 && !holders.some(isAlive)
    ? [...new Set(holders.map(({ pid }) => pid))]
    : undefined;
}

/**
 * An `up` that was killed has begun to make things of which the state does not know whether they are there. They
 * are removed, so that none of them answers to the name of the one that is made instead, and forgotten.
 * @param found what the state has
 * @returns what it has then
 */
export async function forgetHalfMade(
  stack: Pick<Stack, 'exportStack' | 'refresh' | 'cancel'>,
  found: Deployment,
  host: string,
  say: (line: string) => void,
): Promise<Deployment> {
  if (found.halfMade.length === 0) return found;
  say(`Repairing: an earlier "up" was killed while it made ${found.halfMade.join(', ')}`);
  // It fails where somebody is at work on the stack now, who has begun to make all this.
  await unlessLocked(stack, () => stack.refresh({ clearPendingCreates: true }), say);
  const repaired = await readDeployment(stack);
  const { incarnation, known } = repaired;
  if (incarnation !== undefined)
    await removeLabelled(engineAt(host), `${LABEL_INCARNATION}=${incarnation}`, new Set(known));
  return repaired;
}
