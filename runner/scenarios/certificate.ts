/** Certificates that a run creates in the subject's inventory. */
import { ISSUER_ID, OWNER, RENEWAL_POLICY_ID, TEAM } from '../../infra/inventory.ts';
import type { HttpRequest } from './scenario.ts';

/** certctl's sweeps leave alone what expires more than 31 days ahead; a year is far from them in any run. */
export const VALIDITY_MS = 365 * 24 * 3600 * 1000;

/** Which one it is, of which scenario of which run. */
interface Origin {
  runId: string;
  scenario: string;
  index: number;
}

/** Unique in the subject's lifetime, and made of valid host name labels. */
export function certificateName({ runId, scenario, index }: Origin): string {
  return label(`${runId}.${scenario}.${index}`);
}

/** What the name of each certificate of a run begins with, before a dot. */
export function certificateMarker(runId: string): string {
  return label(runId);
}

/** Its id in the subject. */
export function certificateId(name: string): string {
  return `mc-${name}`;
}

/**
 * Creates a certificate, which begins nothing yet.
 *
 * @param runStartMs the run's time zero, ms since 1970
 */
export function createCertificate(name: string, commonName: string, runStartMs: number): HttpRequest {
  const body = JSON.stringify({
    id: certificateId(name),
    name,
    common_name: commonName,
    sans: [commonName],
    // Without one certctl finds the certificate by no call.
    environment: 'production',
    owner_id: OWNER.id,
    team_id: TEAM.id,
    issuer_id: ISSUER_ID,
    renewal_policy_id: RENEWAL_POLICY_ID,
    expires_at: new Date(runStartMs + VALIDITY_MS).toISOString(),
  });
  return { method: 'POST', path: '/api/v1/certificates', body };
}

function label(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.]/g, '-');
}
