/** Deploy loops as the account of a run has them. */
import type { AccountedLoop } from '../../../runner/deploy/account.ts';
import { LOOP_PHASES, type LoopPhase } from '../../../runner/deploy/phases.ts';

/** Served so many ms after its start, each phase a seventh of it. */
export function servedLoop(target: string, startMs: number, totalMs: number): AccountedLoop {
  const part = totalMs / LOOP_PHASES.length;
  const wait = LOOP_PHASES.filter(({ kind }) => kind === 'wait').length * part;
  return {
    ...{ scenario: `${target}_deploy_loop`, target, servername: `${target}.test`, certificate: 'mc-1' },
    ...{ renewal: 'r', deployment: 'd', issued: 'f', failure: null, probes: 3 },
    ...{ intendedNs: startMs * 1e6, sentNs: startMs * 1e6, renewedNs: 0, endNs: (startMs + totalMs) * 1e6 },
    times: {
      ...{ totalMs, workMs: totalMs - wait, waitMs: wait },
      phases: Object.fromEntries(LOOP_PHASES.map(({ name }) => [name, part])) as Record<LoopPhase, number>,
    },
  };
}
