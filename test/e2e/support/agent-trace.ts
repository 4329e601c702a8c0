/** What an agent's calls leave in certctl's audit log, so that two agents can be compared, or two servers. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { Agent, request } from 'undici';
import type { BenchOutputs } from '../../../infra/outputs.ts';
import { resetSites } from '../../../runner/deploy/reset.ts';
import { databaseAt } from '../../../runner/generator/reach.ts';

/**
 * One renewal, in order, with names in place of ids and without times. Calls and events stand apart: certctl writes the
 * row of a call after its answer, by which time the events of the next call may be there.
 */
export interface AgentTrace {
  /** The first two calls of the agent in its life. */
  start: string[];
  /** Its calls, without heartbeats, and of polls those that brought work. */
  calls: string[];
  /** What else was recorded of the agent, the certificate and the two jobs. */
  events: string[];
}

interface Row {
  action: string;
  actor_type: string;
  resource_type: string;
  resource_id: string;
  status: string | null;
  is_new: boolean;
}

interface Jobs {
  renewal: string;
  deployment: string;
  agent: string;
  status: string;
}

type Sql = ReturnType<typeof postgres>;

/** certctl writes the row of a call after its answer. */
const SETTLE_MS = 500;

/**
 * Renews the first site of each target once and reads what that left.
 *
 * @param patienceMs how long it may take until all of them are deployed
 * @throws Error where one of them was not
 */
export async function recordTraces(
  { bench, apiKey, databaseUrl }: BenchOutputs,
  patienceMs: number,
): Promise<Record<string, AgentTrace>> {
  const { deploy, certctl, ca } = bench;
  if (deploy === undefined || databaseUrl === undefined) throw new Error('nothing deploys in this stack');
  const url = databaseAt(databaseUrl, deploy.database);
  const sites = Object.fromEntries(
    Object.entries(deploy.sites).map(([name, all]) => [name, all.slice(0, 1)]),
  );
  await resetSites({ databaseUrl: url, sites, pollMs: deploy.pollMs });
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const dispatcher = new Agent({ connect: { ca, servername: certctl.servername } });
  try {
    const [{ now } = { now: '' }] = await sql<{ now: string }[]>`SELECT clock_timestamp()::text AS now`;
    const ids = Object.values(sites).flatMap((all) => all.map(({ certificate }) => certificate));
    const { statusCode, body } = await request(`${certctl.url}/api/v1/certificates/bulk-renew`, {
      method: 'POST',
      dispatcher,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ certificate_ids: ids }),
    });
    if (statusCode !== 200) throw new Error(`bulk-renew was answered ${statusCode}: ${await body.text()}`);
    const traces: Record<string, AgentTrace> = {};
    const until = performance.now() + patienceMs;
    for (const [target, [site]] of Object.entries(sites)) {
      if (site === undefined) continue;
      const jobs = await ended(sql, site.certificate, now, until);
      if (jobs?.status !== 'Completed')
        throw new Error(`${target}: the deployment is ${jobs?.status ?? 'not there'}`);
      await sleep(SETTLE_MS);
      traces[target] = await traceOf(sql, site.certificate, jobs, now);
    }
    return traces;
  } finally {
    await dispatcher.close();
    await sql.end({ timeout: 1 });
  }
}

async function ended(sql: Sql, certificate: string, since: string, until: number): Promise<Jobs | undefined> {
  for (;;) {
    const [jobs] = await sql<Jobs[]>`
      SELECT r.id AS renewal, d.id AS deployment, d.agent_id AS agent, d.status
      FROM jobs r JOIN jobs d ON d.certificate_id = r.certificate_id AND d.created_at >= r.created_at
      WHERE r.certificate_id = ${certificate} AND r.created_at >= ${since}
        AND r.type <> 'Deployment' AND d.type = 'Deployment'`;
    if (jobs?.status === 'Completed' || jobs?.status === 'Failed' || performance.now() > until) return jobs;
    await sleep(100);
  }
}

async function traceOf(
  sql: Sql,
  certificate: string,
  { renewal, deployment, agent }: Jobs,
  since: string,
): Promise<AgentTrace> {
  const rows = await sql<Row[]>`
    SELECT action, actor_type, resource_type, resource_id, details->>'status' AS status, timestamp >= ${since} AS is_new
    FROM audit_events
    WHERE resource_id = ANY(${[agent, certificate, renewal, deployment]})
       OR resource_id LIKE ${`%/${agent}/%`} OR resource_id LIKE ${`%/jobs/${deployment}/%`}
    ORDER BY timestamp`;
  const named = (text: string) =>
    Object.entries({ agent, certificate, renewal, deployment }).reduce(
      (sofar, [name, id]) => sofar.replaceAll(id, `{${name}}`),
      text,
    );
  const isCall = ({ action }: Row) => action.startsWith('api_');
  const call = ({ action, resource_id, status }: Row) =>
    `${action.slice('api_'.length).toUpperCase()} ${named(resource_id)} ${status}`;
  const event = ({ action, actor_type, resource_type, resource_id, status }: Row) =>
    [action, status, `of ${resource_type} ${named(resource_id)}`, `by ${actor_type}`]
      .filter(Boolean)
      .join(' ');
  const fresh = rows.filter(({ is_new }) => is_new);
  return {
    start: rows.filter(isCall).slice(0, 2).map(call),
    calls: withoutIdle(fresh.filter(isCall).map(call)),
    events: fresh.filter((row) => !isCall(row)).map(event),
  };
}

const isPoll = (call: string | undefined) => call?.startsWith('GET /api/v1/agents/{agent}/work ');

/** An agent makes one call after the other: a poll that brought nothing is followed by another one. */
function withoutIdle(calls: string[]): string[] {
  const all = calls.filter((call) => !call.includes('/heartbeat'));
  return all.filter((call, index) => !isPoll(call) || !(index + 1 === all.length || isPoll(all[index + 1])));
}
