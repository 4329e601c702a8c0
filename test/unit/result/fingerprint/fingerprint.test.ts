/** What is in the comparability key, and what is not. */
import { beforeAll, expect, test } from 'vitest';
import { loadProfile } from '../../../../runner/profiles/load.ts';
import {
  canonical,
  type FingerprintInput,
  fingerprint,
} from '../../../../runner/result/fingerprint/fingerprint.ts';
import { roundTripMs } from '../../../../runner/result/fingerprint/round-trip.ts';
import { startServer } from '../../../support/https-server.ts';
import { healthy, healthyScenarios, runOf, surroundings } from '../run-fixture.ts';

let input: FingerprintInput;
beforeAll(async () => {
  input = { ...surroundings(), profile: await loadProfile('smoke'), result: runOf(healthyScenarios()) };
});

/** The key of the input with one thing changed. */
function keyWith(change: (copy: FingerprintInput) => void): string {
  // Histograms have methods, which a structured clone loses.
  const { result, ...plain } = input;
  const copy = { ...structuredClone(plain), result: { ...result } };
  change(copy);
  return fingerprint(copy).key;
}

test('equal facts, equal key, in whatever order they are found', () => {
  expect(fingerprint(input).key).toMatch(/^[0-9a-f]{64}$/);
  expect(keyWith(() => {})).toBe(fingerprint(input).key);
  expect(canonical({ b: [{ d: 1, c: null }], a: 2 })).toBe('{"a":2,"b":[{"c":null,"d":1}]}');
});

test.each<[string, (copy: FingerprintInput) => void]>([
  ['the CPU', ({ machine }) => Object.assign(machine, { cpuModel: 'Another' })],
  ['the number of processors', ({ machine }) => Object.assign(machine, { cpus: 4 })],
  ['the kernel', ({ machine }) => Object.assign(machine, { kernel: '6.2.0' })],
  ['a CPU limit', ({ machine }) => Object.assign(machine, { limits: { cpus: 1, memoryBytes: null } })],
  ['an image', ({ setting }) => Object.assign(setting.images?.nginx ?? {}, { id: 'sha256:ff' })],
  ['the version of PostgreSQL', ({ setting }) => Object.assign(setting.postgres ?? {}, { version: '16.1' })],
  ['a setting of certctl', ({ setting }) => Object.assign(setting, { certctlSettings: { RATE_LIMIT: '9' } })],
  ['seeded rows', ({ setting }) => Object.assign(setting, { seededRows: 1000 })],
  ['the placement', ({ setting }) => Object.assign(setting, { placement: 'engine' })],
  ['Node', ({ versions }) => Object.assign(versions, { node: '25.0.0' })],
  ['another number of workers', ({ profile }) => Object.assign(profile, { workers: 2 })],
  ['a rate', ({ profile }) => Object.assign(profile.scenarios.list_certificates ?? {}, { rate: 51 })],
  [
    'what was negotiated',
    (copy) => {
      const [first, ...rest] = healthyScenarios();
      const changed = { ...first, negotiated: { ...first?.negotiated, group: { 'P-256': 5 } } };
      copy.result = runOf([changed as never, ...rest]);
    },
  ],
])('another key: %s', (_what, change) => {
  expect(keyWith(change)).not.toBe(fingerprint(input).key);
});

test.each<[string, (copy: FingerprintInput) => void]>([
  [
    'the version of certctl, which is what is compared',
    ({ setting }) => Object.assign(setting.images?.certctl ?? {}, { id: 'sha256:2' }),
  ],
  ['the seed', (copy) => Object.assign(copy.result, { seed: 43 })],
  ['steal', (copy) => Object.assign(copy.result, { health: { ...healthy(), steal: 0.5 } })],
  ['the load average', ({ moment }) => Object.assign(moment, { loadAverage: [9, 9, 9] })],
  ['a reboot', ({ moment }) => Object.assign(moment, { bootId: 'another' })],
  ['a newer image of the CI runner', ({ moment }) => Object.assign(moment, { runnerImage: '20251109.1' })],
  ['thresholds', ({ profile }) => Object.assign(profile, { thresholds: {} })],
])('the same key: %s', (_what, change) => {
  expect(keyWith(change)).toBe(fingerprint(input).key);
});

test('what is recorded only is there', () => {
  expect(fingerprint(input).recorded).toEqual({
    seed: 42,
    loadAverage: [0.1, 0.2, 0.3],
    steal: 0.001,
    clockOffsetMs: null,
    uptimeSeconds: 100,
    bootId: null,
    runnerImage: null,
    roundTripMs: 0.1,
  });
});

test('the distance to a server that is there, and to none', async () => {
  await using server = await startServer();
  expect(await roundTripMs('127.0.0.1', server.port)).toBeGreaterThan(0);
  expect(await roundTripMs('127.0.0.1', 1)).toBeNull();
});
