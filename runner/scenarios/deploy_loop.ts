/** What the deploy loops have in common: a renewal, which the engine's loop client follows until it is served. */
import type { Scenario } from './scenario.ts';

export function deployLoop(target: string): Scenario {
  return {
    endpoint: target,
    status: 200,
    // The client chooses the certificate: one of a site that no loop is on.
    request: () => ({ method: 'POST', path: '/api/v1/certificates/bulk-renew' }),
    problem: () => undefined,
  };
}
