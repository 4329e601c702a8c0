/** The subject accepts a certificate into its inventory: POST of a new one, answered with its echo. */
import { ISSUER_ID, OWNER, RENEWAL_POLICY_ID, TEAM } from '../../infra/inventory.ts';
import { parseObject } from './json.ts';
import type { Arrival, Scenario } from './scenario.ts';

/** certctl's sweeps leave alone what expires more than 31 days ahead; a year is far from them in any run. */
export const VALIDITY_MS = 365 * 24 * 3600 * 1000;

export const issuanceAcceptance: Scenario = {
  endpoint: 'api',
  status: 201,
  request(arrival) {
    const name = uniqueName(arrival);
    const commonName = `${name}.bench.test`;
    const body = JSON.stringify({
      id: `mc-${name}`,
      name,
      common_name: commonName,
      sans: [commonName],
      environment: 'production',
      owner_id: OWNER.id,
      team_id: TEAM.id,
      issuer_id: ISSUER_ID,
      renewal_policy_id: RENEWAL_POLICY_ID,
      expires_at: new Date(arrival.runStartMs + VALIDITY_MS).toISOString(),
    });
    return { method: 'POST', path: '/api/v1/certificates', body };
  },
  problem(body, arrival) {
    const echo = parseObject(body);
    if (echo === undefined) return 'the answer is not a JSON object';
    const name = uniqueName(arrival);
    const asked = { id: `mc-${name}`, name, common_name: `${name}.bench.test` };
    for (const [field, value] of Object.entries(asked)) {
      if (echo[field] !== value) return `${field} is ${JSON.stringify(echo[field])}, asked was "${value}"`;
    }
    return undefined;
  },
};

/** Unique in the subject's lifetime, and made of valid host name labels. */
function uniqueName({ runId, scenario, index }: Arrival): string {
  return label(`${runId}.${scenario}.${index}`);
}

/** What the name of each certificate of a run begins with, before a dot. */
export function certificateMarker(runId: string): string {
  return label(runId);
}

function label(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.]/g, '-');
}
