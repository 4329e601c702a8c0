/** How scenarios connect to the true services of a stack: HTTP/2, and what is offered in TLS. */
import { expect, test } from 'vitest';
import { bench, CLEAN, stackOf } from './support/cli.ts';
import { startEngine } from './support/engine.ts';
import { leftovers, snapshot } from './support/leftovers.ts';
import { profileFile } from './support/profiles.ts';
import { directoryOf, readSummary } from './support/results.ts';
import { expectVerdict } from './support/verdict.ts';

const RATE = 'executor: constant-arrival-rate, rate: 10, duration: 3s, maxVUs: 300';
const SUITE = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
const profile = profileFile(
  'connections',
  `
name: connections
scenarios:
  issuance_acceptance: { ${RATE}, httpVersion: 2 }
  list_certificates: { ${RATE}, httpVersion: 2, tls: { groups: [P-256] } }
  nginx_handshake: { ${RATE}, tls: { version: 1.2, cipherSuites: [${SUITE}] } }
  apache_handshake: { ${RATE}, tls: { version: 1.2, groups: [P-256] } }
  haproxy_handshake: { ${RATE}, tls: { version: 1.3, session: resume } }
  f5_handshake: { ${RATE}, tls: { cipherSuites: [TLS_AES_128_GCM_SHA256] } }
thresholds:
  error_rate: ["rate==0"]
`,
);

test('every service takes what the profile offers, and the summary has both', async () => {
  const engine = await startEngine();
  const before = await snapshot(engine);
  const ended = await bench('loadtest', '--profile', profile);
  const summary = readSummary(directoryOf(ended));
  expectVerdict(ended, summary, 'PASSED');
  const seen = Object.fromEntries(
    Object.entries(summary.scenarios).map(([name, { negotiated }]) => [name, negotiated]),
  );
  const all = (value: string) => ({ [value]: 30 });
  expect(seen.issuance_acceptance).toMatchObject({ connections: 1, alpn: { h2: 1 } });
  expect(seen.list_certificates).toMatchObject({ alpn: { h2: 1 }, group: { 'P-256': 1 } });
  expect(seen.nginx_handshake).toMatchObject({ protocol: all('TLSv1.2'), cipher: all(SUITE) });
  expect(seen.apache_handshake).toMatchObject({ protocol: all('TLSv1.2'), group: all('P-256') });
  expect(seen.haproxy_handshake).toMatchObject({ protocol: all('TLSv1.3'), connections: 30 });
  expect(seen.haproxy_handshake?.sessionsReused).toBeGreaterThan(20);
  expect(seen.f5_handshake).toMatchObject({ cipher: all('TLS_AES_128_GCM_SHA256'), sessionsReused: 0 });
  expect(summary.scenarios.nginx_handshake?.requested).toEqual({
    alpn: ['http/1.1'],
    protocol: ['TLSv1.2'],
    cipher: [SUITE],
    group: ['X25519', 'P-256'],
    session: 'full',
  });
  expect(ended).toMatchObject(CLEAN);
  expect(await leftovers(engine, before, stackOf(ended))).toEqual([]);
});
