import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProfile } from '../../../runner/profiles/parse.ts';
import { errorRate, failedRate, iterations, selected, sumOfFates } from '../../../runner/result/fates.ts';
import { scenarioOf } from './run-fixture.ts';

const fates = fc.record({
  offered: fc.nat(),
  completed: fc.nat(1e6),
  failed: fc.nat(1e6),
  dropped: fc.nat(1e6),
  unfinished: fc.nat(1e6),
});

test('an error rate is between 0 and 1, and null exactly where nothing was sent', () => {
  fc.assert(
    fc.property(fates, (some) => {
      const rate = errorRate(some);
      const sent = some.completed + some.failed + some.unfinished;
      if (rate === null) return expect(sent).toBe(0);
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(1);
      expect(rate * sent).toBeCloseTo(some.failed + some.unfinished, 3);
    }),
  );
});

test('one more failure never lowers the error rate, dropped arrivals never change it', () => {
  fc.assert(
    fc.property(fates, fc.nat(100), (some, more) => {
      const rate = errorRate(some) ?? 0;
      expect(errorRate({ ...some, failed: some.failed + more }) ?? 0).toBeGreaterThanOrEqual(rate);
      expect(errorRate({ ...some, unfinished: some.unfinished + more }) ?? 0).toBeGreaterThanOrEqual(rate);
      expect(errorRate({ ...some, dropped: some.dropped + more }) ?? 0).toBe(rate);
    }),
  );
});

test('unfinished requests are errors, but no iterations and nothing that k6 counts as failed', () => {
  const some = { offered: 12, completed: 6, failed: 2, dropped: 2, unfinished: 2 };
  expect(errorRate(some)).toBe(0.4);
  expect(iterations(some)).toBe(8);
  expect(failedRate(some)).toBe(0.25);
  expect(failedRate({ ...some, completed: 0, failed: 0 })).toBeNull();
});

test('a selector means scenarios by name or by target, none means all', () => {
  const profile = parseProfile(
    `name: two
scenarios:
  slow: { exec: nginx_handshake, executor: constant-arrival-rate, rate: 1, duration: 1s, maxVUs: 30 }
  nginx_handshake: { executor: constant-arrival-rate, rate: 1, duration: 1s, maxVUs: 30 }
  list_certificates: { executor: constant-arrival-rate, rate: 1, duration: 1s, maxVUs: 30 }
`,
    'two.yaml',
  );
  const all = ['slow', 'nginx_handshake', 'list_certificates'].map((name) => scenarioOf(name, [1]));
  const names = (selector: Parameters<typeof selected>[2]) =>
    selected(all, profile, selector).map(({ name }) => name);
  expect(names(undefined)).toEqual(['slow', 'nginx_handshake', 'list_certificates']);
  expect(names({ tag: 'scenario', value: 'slow' })).toEqual(['slow']);
  expect(names({ tag: 'target_type', value: 'nginx' })).toEqual(['slow', 'nginx_handshake']);
});

test('fates of several scenarios add up', () => {
  const two = [scenarioOf('a', [1, 2], { failed: 1, dropped: 3 }), scenarioOf('b', [1], { unfinished: 2 })];
  expect(sumOfFates(two)).toEqual({ offered: 9, completed: 3, failed: 1, dropped: 3, unfinished: 2 });
});
