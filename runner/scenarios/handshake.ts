/** What the handshake scenarios have in common: fresh TCP, full TLS, one small request, any body. */
import type { Scenario } from './scenario.ts';

/** A handshake with the named target, followed by a GET of its root, which must answer 200. */
export function handshake(target: string): Scenario {
  return {
    endpoint: target,
    status: 200,
    request: () => ({ method: 'GET', path: '/' }),
    problem: () => undefined,
  };
}
