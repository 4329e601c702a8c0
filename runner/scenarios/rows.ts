/** SQL for rows of the inventory that are made and removed outside of the measurement, in bulk. */
import { ISSUER_ID, OWNER, RENEWAL_POLICY_ID, TEAM } from '../../infra/inventory.ts';
import { certificateMarker, VALIDITY_MS } from './certificate.ts';

/**
 * Brings the certificates up to `rows` with rows such as `issuance_acceptance` creates; answers how many were missing.
 * Each has been created a second before the next one, since that is what lists are sorted by.
 */
export function seedRows(rows: number, runId: string, now = new Date()): string {
  const expires = new Date(now.getTime() + VALIDITY_MS).toISOString();
  // No scenario's name begins with a digit.
  const name = `${literal(`${certificateMarker(runId)}.`)} || n || '.seed'`;
  return `
INSERT INTO teams (id, name) VALUES (${literals(TEAM.id, TEAM.name)}) ON CONFLICT DO NOTHING;
INSERT INTO owners (id, name, email, team_id)
  VALUES (${literals(OWNER.id, OWNER.name, OWNER.email, OWNER.team_id)}) ON CONFLICT DO NOTHING;
WITH missing AS (
  SELECT n, ${name} AS name, now() - n * interval '1 second' AS at
  FROM generate_series(1, ${rows} - (SELECT count(*) FROM managed_certificates)) AS n
), made AS (
  INSERT INTO managed_certificates (
    id, name, common_name, sans, environment, owner_id, team_id, issuer_id, renewal_policy_id, status, expires_at,
    created_at, updated_at
  )
  SELECT 'mc-' || name, name, name || '.bench.test', ARRAY[name || '.bench.test'], 'production',
    ${literals(OWNER.id, TEAM.id, ISSUER_ID, RENEWAL_POLICY_ID, 'Pending', expires)}, at, at
  FROM missing
  RETURNING 1
) SELECT count(*) FROM made;
VACUUM (ANALYZE) managed_certificates;
`;
}

/** Removes the certificates that the run has made, seeds and warm-up among them; answers how many there were. */
export function removeRows(runId: string): string {
  return `
WITH gone AS (
  DELETE FROM managed_certificates WHERE id LIKE ${literal(`mc-${certificateMarker(runId)}.%`)} RETURNING 1
) SELECT count(*) FROM gone;
VACUUM (ANALYZE) managed_certificates;
`;
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const literals = (...texts: string[]) => texts.map(literal).join(', ');
