/** Whether the subject speaks the version of HTTP that scenarios ask for. */
import { once } from 'node:events';
import { connect } from 'node:tls';
import type { ApiEndpoint, Endpoints } from '../engine/contract.ts';
import { EnvironmentError } from '../errors.ts';
import type { PlannedScenario } from '../plan/plan.ts';

const TIMEOUT_MS = 10_000;

/**
 * Asks the subject once, before the load, where a scenario has `httpVersion: 2`: during it each arrival would fail.
 * @throws EnvironmentError where it does not offer HTTP/2
 */
export async function requireHttpVersion(
  scenarios: PlannedScenario[],
  api: ApiEndpoint,
  { ca, insecure = false }: Pick<Endpoints, 'ca' | 'insecure'>,
): Promise<void> {
  const asking = scenarios.filter(({ httpVersion }) => httpVersion === 2).map(({ name }) => name);
  if (asking.length === 0) return;
  const { hostname, port } = new URL(api.url);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 443),
    rejectUnauthorized: !insecure,
    ...(ca !== undefined && { ca }),
    ...(api.servername && { servername: api.servername }),
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (socket.alpnProtocol === 'h2') return;
  } catch (cause) {
    const { message } = cause as Error;
    throw new EnvironmentError(`cannot ask the subject at ${api.url} for HTTP/2 (${message})`, { cause });
  } finally {
    socket.destroy();
  }
  throw new EnvironmentError(
    `the subject at ${api.url} does not offer HTTP/2, which ${asking.join(', ')} asks for: httpVersion: 1.1`,
  );
}
