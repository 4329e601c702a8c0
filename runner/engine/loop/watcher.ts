/** Asks certctl's database how far the loops in flight are: one query for all of them, as often as a probe is due. */
import postgres from 'postgres';
import type { LoopRow } from './stage.ts';

/** How often, ms: half of what a probe's resolution may be. */
const EVERY_MS = 20;
const CONNECT_TIMEOUT_S = 10;
/** A query takes some ms. */
const SILENT_MS = 1000;

type Listener = (row: LoopRow) => void;

export class Watcher {
  readonly #sql: ReturnType<typeof postgres>;
  readonly #listeners = new Map<string, Listener>();
  #timer: NodeJS.Timeout | undefined;
  /** When the query was sent that has not been answered yet. */
  #askedAt: number | undefined;
  #problem: string | undefined;

  /** @param more further options of the database's client */
  constructor(databaseUrl: string, more: object = {}) {
    const options = { max: 1, connect_timeout: CONNECT_TIMEOUT_S, onnotice: () => {}, ...more };
    this.#sql = postgres(databaseUrl, options);
  }

  /** What the last query failed with, or that there is no answer to it; undefined where all is well. */
  get problem(): string | undefined {
    const waitedMs = this.#askedAt === undefined ? 0 : performance.now() - this.#askedAt;
    return waitedMs > SILENT_MS ? `no answer for ${(waitedMs / 1000).toFixed(1)} s` : this.#problem;
  }

  /** `listener` is called with the rows of the renewal, again and again until it is removed. */
  add(renewal: string, listener: Listener): void {
    this.#listeners.set(renewal, listener);
    this.#timer ??= setInterval(() => void this.#ask(), EVERY_MS);
  }

  remove(renewal: string): void {
    this.#listeners.delete(renewal);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sql.end({ timeout: 1 });
  }

  /** One at a time: where the database is slow it is not asked more, but less. */
  async #ask(): Promise<void> {
    if (this.#askedAt !== undefined) return;
    this.#askedAt = performance.now();
    try {
      for (const row of await this.#rows()) this.#listeners.get(row.renewal)?.(row);
      this.#problem = undefined;
    } catch (error) {
      // It is asked again; a loop that stops meanwhile tells.
      this.#problem = (error as Error).message;
    } finally {
      this.#askedAt = undefined;
    }
  }

  #rows(): Promise<LoopRow[]> {
    return this.#sql<LoopRow[]>`
      SELECT r.id AS renewal, r.status AS renewal_status, r.last_error AS renewal_error,
             d.id AS deployment, d.status AS deployment_status, d.last_error AS deployment_error,
             d.status = 'Running' AND EXISTS (
               SELECT FROM audit_events a
               WHERE a.resource_type = 'job' AND a.resource_id = d.id AND a.action = 'job_status_reported'
             ) IS TRUE AS deployment_reported,
             d.status = 'Running' AND (EXISTS (
               SELECT FROM audit_events a
               WHERE a.actor = d.agent_id AND a.action = 'job_status_reported'
                 AND a.timestamp > now() - interval '10 seconds'
             ) OR EXISTS (
               SELECT FROM jobs o JOIN audit_events a
                 ON a.resource_type = 'job' AND a.resource_id = o.id AND a.action = 'job_status_reported'
               WHERE o.agent_id = d.agent_id AND o.type = 'Deployment' AND o.status = 'Running' AND o.id <> d.id
             )) AND NOT EXISTS (
               SELECT FROM jobs o JOIN audit_events a
                 ON a.resource_type = 'job' AND a.resource_id = o.id AND a.action = 'job_status_reported'
               WHERE o.agent_id = d.agent_id AND o.type = 'Deployment' AND o.created_at > d.created_at
             ) AND 2 > (
               SELECT count(*) FROM audit_events a
               WHERE a.action = 'api_get' AND a.resource_id = '/api/v1/agents/' || d.agent_id || '/work'
                 AND a.timestamp - (a.details->>'latency_ms')::float8 * interval '1 millisecond' > d.created_at
             ) IS TRUE AS agent_is_busy,
             v.fingerprint_sha256 AS fingerprint
      FROM jobs r
      LEFT JOIN LATERAL (
        SELECT id, status, last_error, agent_id, created_at FROM jobs
        WHERE certificate_id = r.certificate_id AND type = 'Deployment' AND created_at >= r.created_at
        ORDER BY created_at DESC LIMIT 1
      ) d ON true
      LEFT JOIN LATERAL (
        SELECT fingerprint_sha256 FROM certificate_versions
        WHERE certificate_id = r.certificate_id AND created_at >= r.created_at
        ORDER BY created_at DESC LIMIT 1
      ) v ON true
      WHERE r.id = ANY(${[...this.#listeners.keys()]})`;
  }
}
