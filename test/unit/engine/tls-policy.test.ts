/** What a scenario offers in TLS is what servers negotiate, and what it is counted as. */
import { expect, test } from 'vitest';
import type { ErrorKind, Negotiated, ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import type { ScenarioKind } from '../../../runner/plan/plan.ts';
import { type TlsChoice, tlsPolicyOf } from '../../../runner/plan/tls-policy.ts';
import { identity, startServer, type TestServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';

const BOTH: ScenarioKind[] = ['list_certificates', 'nginx_handshake'];

async function load(server: TestServer, choice: TlsChoice, kinds = BOTH, arrivals = 20, periodNs = 15e6) {
  const plan = planOf(
    ...kinds.map((kind, index) =>
      plannedScenario({ kind, arrivals, periodNs, firstNs: index * 5e6, tls: tlsPolicyOf(choice) }),
    ),
  );
  const { scenarios } = await run({ plan, endpoints: server.endpoints });
  return kinds.map((kind) => scenarios[kind] as ScenarioResult);
}

/** Far enough apart that a session has come before the last of them begins, on a busy machine as well. */
const SPACED_NS = 100e6;

const only = (seen: Record<string, number>) => Object.keys(seen).join();

const choices: [TlsChoice, Partial<Record<keyof Negotiated, string>>][] = [
  [{}, { protocol: 'TLSv1.3', group: 'X25519' }],
  [{ version: 1.2 }, { protocol: 'TLSv1.2', group: 'X25519' }],
  [
    { version: 1.2, groups: ['P-256'], cipherSuites: ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'] },
    { protocol: 'TLSv1.2', group: 'P-256', cipher: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256' },
  ],
  [
    { cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'] },
    { protocol: 'TLSv1.2', cipher: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384' },
  ],
  [
    { cipherSuites: ['TLS_AES_128_GCM_SHA256'], groups: ['X25519'] },
    { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', group: 'X25519' },
  ],
  [
    { version: 1.3, groups: ['P-384'] },
    { protocol: 'TLSv1.3', group: 'P-384' },
  ],
  [
    { groups: ['X25519MLKEM768'], cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256'] },
    { protocol: 'TLSv1.3', group: 'X25519MLKEM768', cipher: 'TLS_CHACHA20_POLY1305_SHA256' },
  ],
];

test.concurrent.for(choices)('%o', async ([choice, negotiated], { expect }) => {
  await using server = await startServer(undefined, {
    ecdhCurve: 'X25519MLKEM768:X25519:P-256:P-384',
    // Node's server offers no suite of TLS 1.2 beside those of its default list.
    minVersion: 'TLSv1.2',
  });
  for (const { counts, errorSamples, ...result } of await load(server, choice)) {
    expect(errorSamples).toEqual([]);
    expect(counts.completed).toBe(20);
    for (const [what, value] of Object.entries(negotiated))
      expect(only(result.negotiated[what as 'group']), what).toBe(value);
  }
});

const failures: [string, TlsChoice, Parameters<typeof startServer>[1], ErrorKind][] = [
  ['a version that the server does not speak', { version: 1.2 }, { minVersion: 'TLSv1.3' }, 'tls'],
  ['a group that it does not know', { groups: ['X448'] }, { ecdhCurve: 'X25519' }, 'tls'],
];

test.concurrent.for(failures)('%s fails each arrival', async ([, choice, options, kind], { expect }) => {
  await using server = await startServer(undefined, options);
  for (const { counts } of await load(server, choice, BOTH, 5))
    expect(counts.failedByKind).toEqual({ [kind]: 5 });
  expect(server.seen).toEqual({});
});

test.each([1.2, 1.3] as const)('sessions of TLS %d are resumed where that is the policy', async (version) => {
  await using server = await startServer((_, response) =>
    response.setHeader('connection', 'close').end('{}'),
  );
  const [handshake] = await load(server, { version, session: 'resume' }, ['nginx_handshake'], 20, SPACED_NS);
  expect(handshake?.counts).toMatchObject({ completed: 20, failed: 0 });
  const { connections, sessionsOffered = 0, sessionsReused } = handshake?.negotiated ?? {};
  expect(connections).toBe(20);
  // The first has none to offer, nor those that begin before its session has come.
  expect(sessionsOffered).toBeGreaterThan(0);
  expect(sessionsOffered).toBeLessThan(20);
  expect(sessionsReused).toBe(sessionsOffered);
  // No certificate is shown again.
  expect(handshake?.negotiated.fingerprint).toEqual({ [identity.fingerprint]: 20 - sessionsOffered });

  const [full] = await load(server, { version }, ['nginx_handshake']);
  expect(full?.negotiated).toMatchObject({ connections: 20, sessionsOffered: 0, sessionsReused: 0 });
});

test('new connections to the API resume sessions too', async () => {
  // Each answer ends its connection, so that the next request needs one.
  await using server = await startServer((_, response) =>
    response.setHeader('connection', 'close').end('{"data":[],"total":0,"page":1,"per_page":50}'),
  );
  const [api] = await load(server, { session: 'resume' }, ['list_certificates'], 20, SPACED_NS);
  expect(api?.counts.completed).toBe(20);
  const { sessionsOffered, sessionsReused } = api?.negotiated ?? {};
  expect(sessionsReused).toBeGreaterThan(0);
  expect(sessionsReused).toBe(sessionsOffered);
});

test('a server that resumes nothing is seen', async () => {
  // No tickets of TLS 1.2, and no cache: it gives no session that anybody could offer.
  const { SSL_OP_NO_TICKET } = (await import('node:crypto')).constants;
  await using server = await startServer(undefined, { secureOptions: SSL_OP_NO_TICKET });
  const [handshake] = await load(server, { version: 1.2, session: 'resume' }, ['nginx_handshake']);
  expect(handshake?.counts.completed).toBe(20);
  expect(handshake?.negotiated.sessionsReused).toBe(0);
});

test('handshakes are the work of a thread of their own', async () => {
  await using server = await startServer();
  const plan = planOf(
    plannedScenario({ arrivals: 40, periodNs: 50e6 }),
    plannedScenario({ kind: 'nginx_handshake', arrivals: 400, periodNs: 5e6 }),
  );
  const { health, scenarios } = await run({ plan, endpoints: server.endpoints });
  expect(scenarios.nginx_handshake?.counts.completed).toBe(400);
  const cpu = (lane: string) => health.lanes[lane]?.seconds.reduce((sum, second) => sum + second.cpu, 0) ?? 0;
  // Ten times as many connections as the API has requests, and each costs many times a request.
  expect(cpu('handshake')).toBeGreaterThan(2 * cpu('api'));
});
