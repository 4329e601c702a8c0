/** Puts the sites into the state in which a run can renew them, whatever an earlier run has left. */
import postgres from 'postgres';
import type { DeployEndpoint } from '../engine/contract.ts';
import { EnvironmentError } from '../errors.ts';

/** Jobs that the server or an agent would still work on, or that its sweeps would begin again. */
const OPEN = ['Pending', 'AwaitingCSR', 'Running', 'Failed'];

/**
 * Cancels open jobs of the certificates that are bound to the sites, those that earlier runs enrolled among them, and
 * makes those Active whose renewal was left in progress: certctl would silently skip them. By SQL, because certctl has
 * no call for the second.
 *
 * @throws EnvironmentError where the database is not reached
 */
export async function resetSites({ databaseUrl, sites }: DeployEndpoint): Promise<void> {
  const targets = Object.values(sites)
    .flat()
    .map(({ target }) => target);
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    const bound = sql`SELECT certificate_id FROM certificate_target_mappings WHERE target_id = ANY(${targets})`;
    await sql`
      UPDATE jobs SET status = 'Cancelled' WHERE certificate_id IN (${bound}) AND status = ANY(${OPEN})`;
    await sql`
      UPDATE managed_certificates SET status = 'Active'
      WHERE id IN (${bound}) AND status = 'RenewalInProgress'`;
  } catch (cause) {
    throw new EnvironmentError(
      `cannot read certctl's database (${(cause as Error).message}): check that the stack is up`,
      { cause },
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}
