import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ScenarioResult } from '../../../runner/engine/contract.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import type { Profile } from '../../../runner/profiles/profile.ts';
import { evaluateThresholds } from '../../../runner/result/thresholds.ts';
import { healthyScenarios, runOf, scenarioOf } from './run-fixture.ts';

const smoke = await loadProfile('smoke');

function judge(thresholds: Profile['thresholds'], scenarios: ScenarioResult[] = healthyScenarios()) {
  return evaluateThresholds({ ...smoke, thresholds }, runOf(scenarios));
}

function one(metric: string, expression: string, scenarios?: ScenarioResult[]) {
  const [result] = judge({ [metric]: [expression] }, scenarios);
  return result ?? expect.unreachable('one expression gives one result');
}

test('a healthy run holds every threshold of the profile, in its order', () => {
  const results = judge(smoke.thresholds);
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  expect(results.map(({ metric, expression }) => `${metric} ${expression}`)).toEqual(
    Object.entries(smoke.thresholds).flatMap(([metric, all]) =>
      all.map((expression) => `${metric} ${expression}`),
    ),
  );
});

test('a breach names value, limit, unit and samples', () => {
  const slow = [scenarioOf('f5_handshake', [1_000_000, 2_000_000])];
  expect(one('response_time{target_type:f5}', 'p(95)<1500', slow)).toEqual({
    metric: 'response_time{target_type:f5}',
    expression: 'p(95)<1500',
    limit: 1500,
    unit: 'ms',
    value: 2000.895,
    samples: 2,
    ok: false,
    reason: 'the measured value is 2000.895 ms',
  });
});

test.each([
  ['p(50)<3', true],
  ['p(50)<2', false],
  ['med<=2', true],
  ['avg==2', true],
  ['avg!=2', false],
  ['min>=1', true],
  ['min>1', false],
  ['max<3.01', true],
  ['max<3', false],
  ['p(0)==1', true],
])('times of 1, 2 and 3 ms: %s is %s', (expression, ok) => {
  const fast = [scenarioOf('list_certificates', [1000, 2000, 3000])];
  expect(one('service_time', expression, fast).ok).toBe(ok);
});

test('without a selector the percentile is of all scenarios together', () => {
  const two = [scenarioOf('list_certificates', [1000, 1000, 1000]), scenarioOf('nginx_handshake', [2000])];
  expect(one('response_time', 'p(75)<=1', two)).toMatchObject({ value: 1, samples: 4, ok: true });
  expect(one('response_time{scenario:nginx_handshake}', 'p(75)<=1', two)).toMatchObject({
    value: 2,
    samples: 1,
  });
});

test.each(['response_time{scenario:nginx_handshake}', 'http_req_duration{target_type:nginx}'])(
  '%s without samples fails and says so',
  (metric) => {
    expect(one(metric, 'p(95)<1000', [scenarioOf('nginx_handshake', [])])).toMatchObject({
      value: null,
      samples: 0,
      ok: false,
      reason: expect.stringContaining('no samples'),
    });
  },
);

test.each([
  ['error_rate', 'rate<0.01'],
  ['error_rate', 'rate>=0'],
  ['http_req_failed', 'rate<0.01'],
  ['dropped_iterations', 'count==0'],
  ['iterations', 'rate>=0'],
])('%s %s fails where nothing was offered, and where its scenario is missing', (metric, expression) => {
  expect(one(metric, expression, [scenarioOf('nginx_handshake', [])])).toMatchObject({
    value: null,
    ok: false,
  });
  expect(one(`${metric}{scenario:nginx_handshake}`, expression, [])).toMatchObject({
    value: null,
    ok: false,
  });
});

test('counters count and have a rate a second of the run', () => {
  const some = [
    scenarioOf('nginx_handshake', [1, 2], { completed: 30, failed: 10, dropped: 5, unfinished: 2 }),
  ];
  expect(one('iterations', 'count==40', some)).toMatchObject({
    value: 40,
    samples: 47,
    unit: 'count',
    ok: true,
  });
  expect(one('iterations', 'rate>=2', some)).toMatchObject({ value: 2, unit: 'per second', ok: true });
  expect(one('dropped_iterations', 'count==0', some)).toMatchObject({ value: 5, ok: false });
  expect(one('unfinished', 'count<=2', some)).toMatchObject({ value: 2, ok: true });
});

test('rates are shares of what was sent, or of what ended for k6', () => {
  const some = [scenarioOf('nginx_handshake', [], { completed: 6, failed: 2, dropped: 9, unfinished: 2 })];
  expect(one('error_rate', 'rate<0.4', some)).toMatchObject({
    value: 0.4,
    samples: 10,
    unit: 'ratio',
    ok: false,
  });
  expect(one('http_req_failed', 'rate<=0.25', some)).toMatchObject({ value: 0.25, samples: 8, ok: true });
});

const times = fc.array(fc.integer({ min: 0, max: 60_000_000 }), { minLength: 1, maxLength: 60 });
const limits = fc.tuple(fc.nat(60_000), fc.nat(60_000)).map((pair) => pair.toSorted((a, b) => a - b));

test('verdicts are monotone: a looser limit never breaches what a stricter one accepts', () => {
  fc.assert(
    fc.property(times, limits, fc.constantFrom('p(95)', 'avg', 'max'), (values, [low, high], aggregation) => {
      const some = [scenarioOf('nginx_handshake', values)];
      const ok = (sign: string, limit: number | undefined) =>
        one('response_time', `${aggregation}${sign}${limit}`, some).ok;
      for (const sign of ['<', '<=']) if (ok(sign, low)) expect(ok(sign, high)).toBe(true);
      for (const sign of ['>', '>=']) if (ok(sign, high)) expect(ok(sign, low)).toBe(true);
    }),
  );
});

test('verdicts are monotone: slower arrivals never turn a breach of "<" into a pass', () => {
  fc.assert(
    fc.property(times, fc.nat(60_000_000), fc.nat(60_000), (values, slower, limit) => {
      const verdict = (all: number[]) =>
        one('response_time', `p(95)<${limit}`, [scenarioOf('nginx_handshake', all)]).ok;
      if (!verdict(values)) expect(verdict(values.map((value) => value + slower))).toBe(false);
    }),
  );
});

test('each operator is the negation of its opposite', () => {
  fc.assert(
    fc.property(times, fc.nat(60_000), (values, limit) => {
      const some = [scenarioOf('nginx_handshake', values)];
      const ok = (sign: string) => one('response_time', `max${sign}${limit}`, some).ok;
      expect(ok('<')).toBe(!ok('>='));
      expect(ok('>')).toBe(!ok('<='));
      expect(ok('==')).toBe(!ok('!='));
    }),
  );
});
