/** Binds certificates to deployment targets, for which certctl has no call: a row of certctl's database each. */
import postgres from 'postgres';

const CONNECT_TIMEOUT_S = 10;

/** A connection of its own, so that no binding waits for the watcher's query. */
export class Binder {
  readonly #sql: ReturnType<typeof postgres>;

  constructor(databaseUrl: string) {
    this.#sql = postgres(databaseUrl, { max: 1, connect_timeout: CONNECT_TIMEOUT_S, onnotice: () => {} });
  }

  async bind(certificate: string, target: string): Promise<void> {
    const row = { certificate_id: certificate, target_id: target };
    await this.#sql`INSERT INTO certificate_target_mappings ${this.#sql(row)}`;
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 1 });
  }
}
