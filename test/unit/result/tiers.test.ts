import { expect, test } from 'vitest';
import { TARGET_NAMES } from '../../../infra/targets.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { parseProfile } from '../../../runner/profiles/parse.ts';
import { apiTier, connectorTier } from '../../../runner/result/tiers.ts';
import { runOf, scenarioOf } from './run-fixture.ts';

const smoke = await loadProfile('smoke');

test('rows are response time in ms, with errors and iterations', () => {
  const nginx = scenarioOf(
    'nginx_handshake',
    [100, 200, 300],
    { completed: 2, failed: 1, unfinished: 1 },
    {
      service_time: [1, 1, 1],
    },
  );
  expect(connectorTier(smoke, runOf([nginx])).nginx).toEqual({
    p50: 0.2,
    p95: 0.3,
    p99: 0.3,
    max: 0.3,
    avg: 0.2,
    error_rate: 0.5,
    iterations: 3,
  });
});

test('every row is there, null in each field where its scenario was not run', () => {
  const api = apiTier(smoke, runOf([scenarioOf('list_certificates', [1000])]));
  expect(Object.keys(api)).toEqual(['issuance_acceptance', 'list_certificates']);
  expect(new Set(Object.values(api.issuance_acceptance))).toEqual(new Set([null]));
  expect(api.list_certificates.iterations).toBe(1);
  expect(Object.keys(connectorTier(smoke, runOf([])))).toEqual(TARGET_NAMES);
});

test('a scenario that was run without one end has no times, but a count of zero', () => {
  const { f5 } = connectorTier(smoke, runOf([scenarioOf('f5_handshake', [], { unfinished: 3 })]));
  expect(f5).toMatchObject({ p95: null, error_rate: 1, iterations: 0 });
});

test('scenarios with names of their own count for the target they meet', () => {
  const profile = parseProfile(
    `name: own
scenarios:
  steady: { exec: nginx_handshake, executor: constant-arrival-rate, rate: 1, duration: 1s, maxVUs: 30 }
  herd: { exec: nginx_handshake, executor: constant-arrival-rate, rate: 9, duration: 1s, maxVUs: 300 }
`,
    'own.yaml',
  );
  const run = runOf([scenarioOf('steady', [1000]), scenarioOf('herd', [9000, 9000])]);
  expect(connectorTier(profile, run).nginx).toMatchObject({ p50: 9.007, iterations: 3 });
});
