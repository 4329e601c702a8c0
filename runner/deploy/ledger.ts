/** certctl's own account of the deploy loops: its rows, read when the run is over. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { DeployEndpoint } from '../engine/contract.ts';
import type { LoopRecord } from '../engine/loop/record.ts';
import { type ClockOffset, clockOffset } from './clock-offset.ts';

/** A time of certctl's database, ms since 1970 by its clock. */
type ServerMs = number;

export interface JobRow {
  id: string;
  type: string;
  certificate: string;
  agent: string | null;
  status: string;
  at: ServerMs;
}

export interface VersionRow {
  certificate: string;
  fingerprint: string;
  at: ServerMs;
}

export interface AuditRow {
  action: string;
  /** Agent, job or certificate; of a call its path. */
  resource: string;
  /** Of a job's report. */
  status: string | null;
  /** Of csr_submitted. */
  job: string | null;
  /** Of a call. */
  latencyMs: number | null;
  at: ServerMs;
}

export interface Ledger {
  jobs: JobRow[];
  versions: VersionRow[];
  audit: AuditRow[];
  clock: ClockOffset;
}

/** certctl writes the rows of a call after its answer, and an agent reports after it has deployed. */
const SETTLE_MS = 300;
const PATIENCE_MS = 8000;

/**
 * Reads what certctl's rows say of the certificates of the loops since the run's start.
 *
 * @param startMs the run's time zero, ms since 1970 by this machine's clock
 */
export async function readLedger(
  { databaseUrl }: Pick<DeployEndpoint, 'databaseUrl'>,
  loops: readonly LoopRecord[],
  startMs: number,
): Promise<Ledger> {
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    const clock = await clockOffset(sql);
    const since = new Date(startMs + clock.offsetMs).toISOString();
    const certificates = [...new Set(loops.map(({ certificate }) => certificate))];
    await untilReported(sql, loops);
    const jobs = await sql<JobRow[]>`
      SELECT id, type, certificate_id AS certificate, agent_id AS agent, status,
             extract(epoch FROM created_at)::float8 * 1000 AS at
      FROM jobs WHERE certificate_id = ANY(${certificates}) AND created_at >= ${since} ORDER BY created_at`;
    const versions = await sql<VersionRow[]>`
      SELECT certificate_id AS certificate, fingerprint_sha256 AS fingerprint,
             extract(epoch FROM created_at)::float8 * 1000 AS at
      FROM certificate_versions
      WHERE certificate_id = ANY(${certificates}) AND created_at >= ${since} ORDER BY created_at`;
    const audit = await sql<AuditRow[]>`
      SELECT action, resource_id AS resource, details->>'status' AS status, details->>'job_id' AS job,
             (details->>'latency_ms')::float8 AS "latencyMs", extract(epoch FROM timestamp)::float8 * 1000 AS at
      FROM audit_events
      WHERE timestamp >= ${since}
        AND (action IN ('job_status_reported', 'csr_submitted')
          OR action = 'api_get' AND resource_id LIKE '/api/v1/agents/%/work'
          OR action = 'api_post' AND resource_id LIKE '/api/v1/agents/%/csr')
      ORDER BY timestamp`;
    return { jobs: [...jobs], versions: [...versions], audit: [...audit], clock };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

type Sql = ReturnType<typeof postgres>;

/** Until the agents have reported what is served already, or for some seconds. */
async function untilReported(sql: Sql, loops: readonly LoopRecord[]): Promise<void> {
  const served = loops.flatMap(({ failure, deployment }) =>
    failure === null && deployment ? deployment : [],
  );
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const [row] = await sql<{ open: number }[]>`
      SELECT count(*)::int AS open FROM jobs WHERE id = ANY(${served}) AND status = 'Running'`;
    if (!row?.open || performance.now() > until) break;
    await sleep(100);
  }
  await sleep(SETTLE_MS);
}
