/** Deploy loops as the account of a run has them. */
import type { AccountedLoop } from '../../../runner/deploy/account.ts';
import { LOOP_PHASES } from '../../../runner/deploy/phases.ts';
import type { LoopMode } from '../../../runner/plan/loop.ts';

/** Served so many ms after its start, each of its phases as long as the others. */
export function servedLoop(
  target: string,
  startMs: number,
  totalMs: number,
  mode: LoopMode = 'renew',
): AccountedLoop {
  const own = LOOP_PHASES.filter((phase) => !('only' in phase) || phase.only === mode);
  const part = totalMs / own.length;
  const wait = own.filter(({ kind }) => kind === 'wait').length * part;
  const startNs = startMs * 1e6;
  return {
    ...{ scenario: `${target}_deploy_loop`, target, servername: `${target}.test`, certificate: 'mc-1' },
    ...{ renewal: 'r', deployment: 'd', issued: 'f', failure: null, probes: 3, resolutionNs: 20e6 },
    ...{ intendedNs: startNs, sentNs: startNs, endNs: startNs + totalMs * 1e6 },
    ...{ createdNs: null, boundNs: null, renewedNs: 0, reloadedNs: startNs + totalMs * 1e6 },
    times: {
      ...{ totalMs, workMs: totalMs - wait, waitMs: wait, outsideMs: 0 },
      phases: Object.fromEntries(own.map(({ name }) => [name, part])),
    },
  };
}
