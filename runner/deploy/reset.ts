/** Puts the sites into the state in which a run can renew them, whatever an earlier run has left. */
import postgres from 'postgres';
import type { DeployEndpoint } from '../engine/contract.ts';
import { EnvironmentError } from '../errors.ts';

/** Jobs that the server or an agent would still work on, or that its sweeps would begin again. */
const OPEN = ['Pending', 'AwaitingCSR', 'Running', 'Failed'];

/**
 * Cancels open jobs of the sites' certificates, and makes those Active whose renewal was left in progress: certctl
 * would silently skip them. By SQL, because certctl has no call for the second.
 *
 * @throws EnvironmentError where the database is not reached
 */
export async function resetSites({ databaseUrl, sites }: DeployEndpoint): Promise<void> {
  const certificates = Object.values(sites)
    .flat()
    .map(({ certificate }) => certificate);
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await sql`
      UPDATE jobs SET status = 'Cancelled' WHERE certificate_id = ANY(${certificates}) AND status = ANY(${OPEN})`;
    await sql`
      UPDATE managed_certificates SET status = 'Active'
      WHERE id = ANY(${certificates}) AND status = 'RenewalInProgress'`;
  } catch (cause) {
    throw new EnvironmentError(
      `cannot read certctl's database (${(cause as Error).message}): check that the stack is up`,
      { cause },
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}
