/** The phases of one deploy loop, each work or waiting, by our clock at its two ends and by certctl's rows between. */
import type { LoopRecord } from '../engine/loop/record.ts';
import type { LoopMode } from '../plan/loop.ts';
import type { AuditRow, Ledger } from './ledger.ts';

/** In their order. `wait` are those in which a party waits for another's time to come. */
export const LOOP_PHASES = [
  /** Of a new certificate: from the intended start until it was created. */
  { name: 'create', kind: 'work', only: 'enrol' },
  /** Of a new certificate: until it was bound to its target. */
  { name: 'bind', kind: 'work', only: 'enrol' },
  /** Until the answer to the renewal was here. */
  { name: 'renew', kind: 'work' },
  /** Until the agent's poll that fetched the job. */
  { name: 'csr_wait', kind: 'wait' },
  /** Until the agent had done what it fetched with the same poll and does before: it does one thing after the other. */
  { name: 'csr_queue', kind: 'wait' },
  /** Until its CSR reached certctl: key and CSR. */
  { name: 'csr', kind: 'work' },
  /** Until the new version was there. */
  { name: 'sign', kind: 'work' },
  /** Until the agent's poll that fetched the deployment. */
  { name: 'deploy_wait', kind: 'wait' },
  /** Until the agent reported it as Running: it had come to it. */
  { name: 'deploy_queue', kind: 'wait' },
  /** Until the agent reported it as Completed, or it was served, whichever came first. */
  { name: 'deploy', kind: 'work' },
  /** Until a handshake showed it: the server's reload, and the resolution of the probe. */
  { name: 'serve', kind: 'work' },
] as const satisfies { name: string; kind: 'work' | 'wait'; only?: LoopMode }[];
export type LoopPhase = (typeof LOOP_PHASES)[number]['name'];
/** Of one or of many loops: of those phases that they have. */
export type EachPhase<Value> = Partial<Record<LoopPhase, Value>>;

export interface LoopTimes {
  totalMs: number;
  workMs: number;
  waitMs: number;
  /** One a phase that it has; they add up to the total. */
  phases: EachPhase<number>;
  /**
   * How far certctl's rows of this loop are outside of what our clock allows, ms; 0 where they agree. None may be from
   * before the renewal was sent; the renewal must be there when its answer is, and the version and the agent's report
   * Running when the loop is served. An agent may well do its part before the answer to the renewal is here, and report
   * Completed after the loop is served. Polls are of no loop: they are looked up by these rows.
   */
  outsideMs: number;
}

/**
 * A phase that certctl says has begun before the one before it was known to have ended counts from there: an agent may
 * fetch a job before the answer to the renewal is here. So phases are in order, and none is below zero.
 *
 * @param startMs the run's time zero, ms since 1970 by this machine's clock
 * @returns undefined where the loop was not served, or certctl has no rows of it
 */
export function loopTimes(loop: LoopRecord, ledger: Ledger, startMs: number): LoopTimes | undefined {
  if (loop.failure !== null || loop.renewedNs === null) return undefined;
  const version = ledger.versions.find(({ fingerprint }) => fingerprint === loop.issued);
  const deployment = ledger.jobs.find(({ id }) => id === loop.deployment);
  if (version === undefined || !deployment?.agent) return undefined;

  const own = ledger.audit.filter(({ resource }) => resource.includes(`/agents/${deployment.agent}/`));
  const submitted = ledger.audit.find(
    ({ action, job }) => action === 'csr_submitted' && job === loop.renewal,
  );
  const posted = own.find(
    ({ action, at }) => action === 'api_post' && submitted !== undefined && at >= submitted.at,
  );
  const csrArrived = posted === undefined ? version.at : posted.at - (posted.latencyMs ?? 0);
  const reported = (status: string) =>
    ledger.audit.find(
      (row) =>
        row.action === 'job_status_reported' && row.resource === deployment.id && row.status === status,
    )?.at;
  const polled = (before: number | undefined) => before && lastPoll(own, before);

  const servedMs = loop.endNs / 1e6;
  const ours = (serverMs: number | undefined) =>
    serverMs === undefined ? undefined : serverMs - ledger.clock.offsetMs - startMs;
  const ends: EachPhase<number | undefined> = {
    ...(loop.createdNs !== null && { create: loop.createdNs / 1e6 }),
    ...(loop.boundNs !== null && { bind: loop.boundNs / 1e6 }),
    renew: loop.renewedNs / 1e6,
    csr_wait: ours(polled(csrArrived)),
    csr_queue: ours(posted && lastDone(deployment.agent, ledger, posted, csrArrived)),
    csr: ours(csrArrived),
    sign: ours(version.at),
    deploy_wait: ours(polled(reported('Running')) || reported('Running')),
    deploy_queue: ours(reported('Running')),
    deploy: ours(reported('Completed')),
    serve: servedMs,
  };
  const renewalMs = ours(ledger.jobs.find(({ id }) => id === loop.renewal)?.at);
  const sentMs = (loop.boundNs ?? loop.sentNs) / 1e6;
  const { csr, sign, deploy_queue } = ends;
  const outsideMs = Math.max(
    0,
    ...[renewalMs, csr, sign, deploy_queue].map((at) => sentMs - (at ?? sentMs)),
    ...[sign, deploy_queue].map((at) => (at ?? servedMs) - servedMs),
    (renewalMs ?? 0) - loop.renewedNs / 1e6,
  );
  const phases: EachPhase<number> = {};
  const sums = { work: 0, wait: 0 };
  const intendedMs = loop.intendedNs / 1e6;
  let before = intendedMs;
  for (const { name, kind } of LOOP_PHASES) {
    if (!(name in ends)) continue;
    const end = Math.min(Math.max(ends[name] ?? before, before), servedMs);
    phases[name] = end - before;
    sums[kind] += end - before;
    before = end;
  }
  return { totalMs: servedMs - intendedMs, workMs: sums.work, waitMs: sums.wait, phases, outsideMs };
}

/** When the agent had last done something before it sent this CSR: polled, sent another, or ended a deployment. */
function lastDone(
  agent: string,
  { audit, jobs }: Ledger,
  csr: AuditRow,
  arrived: number,
): number | undefined {
  const isOwn = ({ action, resource }: AuditRow) =>
    action === 'job_status_reported'
      ? jobs.some((job) => job.id === resource && job.agent === agent)
      : resource.includes(`/agents/${agent}/`);
  const earlier = audit.slice(0, audit.indexOf(csr));
  return earlier.findLast((row) => row.at <= arrived && isOwn(row))?.at;
}

/** When the agent's last poll before that time was answered. */
function lastPoll(own: readonly AuditRow[], before: number): number | undefined {
  return own.findLast(({ action, at, latencyMs }) => action === 'api_get' && at - (latencyMs ?? 0) <= before)
    ?.at;
}
