/** When the target of a deploy loop was reloaded, as nearly as it is known. */
import type { LoopRecord } from '../engine/loop/record.ts';
import type { Ledger } from './ledger.ts';

/**
 * Of a loop that was served: when it was, since nobody tells of the reload itself. Of one that failed: when its agent
 * reported that the deployment had ended, however it did, or else that it had come to it.
 *
 * @param ledger undefined where certctl's rows could not be read
 * @param startMs the run's time zero, ms since 1970 by this machine's clock
 * @returns ns since time zero; null where no agent is known to have come to its deployment
 */
export function reloadedNs(loop: LoopRecord, ledger: Ledger | undefined, startMs: number): number | null {
  if (loop.failure === null) return loop.endNs;
  if (ledger === undefined || loop.deployment === null) return null;
  const last = ledger.audit.findLast(
    ({ action, resource }) => action === 'job_status_reported' && resource === loop.deployment,
  );
  return last === undefined ? null : (last.at - ledger.clock.offsetMs - startMs) * 1e6;
}
