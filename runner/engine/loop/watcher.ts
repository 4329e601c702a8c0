/**
 * Asks certctl's database how far the loops in flight are: one query for all of them, as often as a probe is due. That
 * query costs the machine that is measured some milliseconds, and loops wait most of their time: so it is first asked
 * whether any transaction has ended since, and where none has the rows are told again as they were.
 */
import postgres from 'postgres';
import { loopRows } from './loop-rows.ts';
import type { LoopRow } from './stage.ts';

/** How often, ms: half of what a probe's resolution may be. */
const EVERY_MS = 20;
const CONNECT_TIMEOUT_S = 10;
/** One column depends on the time as well: whether a report is older than ten seconds. */
const ROWS_HOLD_MS = 1000;
/** A query takes some ms. */
const SILENT_MS = 1000;

/** `ageMs`: the row is of a query that was sent so long ago. */
type Listener = (row: LoopRow, ageMs: number) => void;

export class Watcher {
  readonly #sql: ReturnType<typeof postgres>;
  readonly #listeners = new Map<string, Listener>();
  #timer: NodeJS.Timeout | undefined;
  /** When the query was sent that has not been answered yet. */
  #askedAt: number | undefined;
  #problem: string | undefined;
  #last: { key: string; askedAt: number; rows: LoopRow[] } | undefined;

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
    const askedAt = performance.now();
    this.#askedAt = askedAt;
    try {
      for (const row of await this.#rows(askedAt))
        this.#listeners.get(row.renewal)?.(row, performance.now() - askedAt);
      this.#problem = undefined;
    } catch (error) {
      // It is asked again; a loop that stops meanwhile tells.
      this.#problem = (error as Error).message;
    } finally {
      this.#askedAt = undefined;
    }
  }

  /** The snapshot is read before the rows: what ends between them is asked for once more. */
  async #rows(askedAt: number): Promise<LoopRow[]> {
    const renewals = [...this.#listeners.keys()];
    const [seen] = await this.#sql<[{ snapshot: string }]>`SELECT pg_current_snapshot()::text AS snapshot`;
    const key = [seen.snapshot, ...renewals].join();
    if (this.#last?.key !== key || askedAt - this.#last.askedAt >= ROWS_HOLD_MS) {
      this.#last = { key, askedAt, rows: await loopRows(this.#sql, renewals) };
    }
    return this.#last.rows;
  }
}
