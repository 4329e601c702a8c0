/** How far certctl's clock is from this machine's. */
import postgres from 'postgres';
import type { DeployEndpoint } from '../engine/contract.ts';

const ROUND_TRIPS = 15;

export interface ClockOffset {
  /** The server's clock minus this machine's, ms. */
  offsetMs: number;
  /** Of the round trip that it is by, the fastest of some, ms: half of it is how far the offset can be off. */
  tripMs: number;
}

type Sql = ReturnType<typeof postgres>;

export async function clockOffset(sql: Sql): Promise<ClockOffset> {
  let best: ClockOffset = { offsetMs: 0, tripMs: Infinity };
  for (let trip = 0; trip < ROUND_TRIPS; trip++) {
    const sentMs = performance.timeOrigin + performance.now();
    const [row] = await sql<
      { now: number }[]
    >`SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`;
    const tripMs = performance.timeOrigin + performance.now() - sentMs;
    if (row !== undefined && tripMs < best.tripMs)
      best = { offsetMs: row.now - (sentMs + tripMs / 2), tripMs };
  }
  return best;
}

/** By a connection of its own. Rejects where there is none. */
export async function clockOffsetOf({
  databaseUrl,
}: Pick<DeployEndpoint, 'databaseUrl'>): Promise<ClockOffset> {
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    return await clockOffset(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
