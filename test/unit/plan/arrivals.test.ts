/** The times of arrivals, whatever the course of the rate: the laws that they must keep. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arrivals, dueBy } from '../../../runner/plan/arrivals.ts';
import { areaOf, durationOf } from '../../../runner/plan/course.ts';
import type { PlannedScenario, Ramp } from '../../../runner/plan/plan.ts';
import { makePlan } from '../../../runner/plan/schedule.ts';
import type { ScenarioConfig } from '../../../runner/profiles/executors.ts';

const common = {
  startTime: fc.integer({ min: 0, max: 5000 }),
  gracefulStop: fc.constant(0),
  deadline: fc.constant(1),
  maxVUs: fc.constant(1),
  timeUnit: fc.constantFrom(1000, 60_000),
};
const target = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100 }));
const stage = fc.record({ duration: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 })), target });
const steady = {
  rate: fc.double({ min: 0.1, max: 100, noNaN: true }),
  duration: fc.integer({ min: 1, max: 5000 }),
  ...common,
};
const ramping = {
  executor: fc.constant('ramping-arrival-rate' as const),
  startRate: target,
  stages: fc
    .array(stage, { minLength: 1, maxLength: 5 })
    .filter((all) => all.some(({ duration }) => duration > 0)),
  ...common,
};
const even = fc.oneof(
  fc.record({ executor: fc.constant('constant-arrival-rate' as const), ...steady }),
  fc.record({ ...ramping, arrivals: fc.constant('constant' as const) }),
);
const poisson = fc.oneof(
  fc.record({ executor: fc.constant('poisson-arrival-rate' as const), ...steady }),
  fc.record({ ...ramping, arrivals: fc.constant('poisson' as const) }),
);
const open: fc.Arbitrary<ScenarioConfig> = fc.oneof(even, poisson);
const seed = fc.nat();

const planOf = (config: ScenarioConfig, seed: number) =>
  makePlan(
    {
      name: 'p',
      description: '',
      scenarios: { list_certificates: config },
      thresholds: {},
      seedRows: 0,
      workers: 1,
      warmUp: 0,
    },
    { seed, runId: 'r' },
  ).scenarios[0] as PlannedScenario;

function timesOf(planned: PlannedScenario): number[] {
  const times: number[] = [];
  for (const cursor = new Arrivals(planned); cursor.dueNs < Infinity; cursor.advance()) {
    expect(cursor.index).toBe(times.length);
    times.push(cursor.dueNs);
  }
  return times;
}

/** Arrivals until `ns` after the start, by the trapezoid rule in small steps: another way than the code's. */
function areaUntil(course: Ramp[], ns: number): number {
  let area = 0;
  let startNs = 0;
  for (const { durationNs, from, to } of course) {
    const part = Math.min(Math.max(ns - startNs, 0), durationNs) / (durationNs || 1);
    area += (from + ((to - from) * part) / 2) * part * (durationNs / 1e9);
    startNs += durationNs;
  }
  return area;
}

test('as many times as planned, in order, all within the duration; the same seed gives the same ones', () => {
  fc.assert(
    fc.property(open, seed, (config, seed) => {
      const planned = planOf(config, seed);
      const times = timesOf(planned);
      expect(times).toHaveLength(planned.arrivals);
      expect(planned.endNs).toBe(planned.startNs + durationOf(planned.course));
      for (const [index, ns] of times.entries()) {
        expect(ns).toBeGreaterThanOrEqual(times[index - 1] ?? planned.startNs);
        expect(ns).toBeLessThanOrEqual(planned.endNs + 1);
      }
      expect(timesOf(planOf(config, seed))).toEqual(times);
    }),
  );
});

test('evenly spaced: whenever the integral of the rate has grown by one', () => {
  fc.assert(
    fc.property(even, seed, (config, seed) => {
      const planned = planOf(config, seed);
      const times = timesOf(planned);
      expect(Math.abs(times.length - areaOf(planned.course))).toBeLessThan(1);
      const phase = planned.spacing.type === 'even' ? planned.spacing.phase : expect.unreachable();
      for (const [index, ns] of times.entries()) {
        expect(areaUntil(planned.course, ns - planned.startNs)).toBeCloseTo(index + phase, 5);
      }
    }),
  );
});

test('Poisson: as many on average, with the spread of independent arrivals', () => {
  const config: ScenarioConfig = {
    executor: 'ramping-arrival-rate',
    startRate: 10,
    timeUnit: 1000,
    stages: [{ duration: 10_000, target: 70 }],
    arrivals: 'poisson',
    startTime: 0,
    gracefulStop: 0,
    deadline: 1,
    maxVUs: 1,
  };
  // 400 arrivals in a run on average, 43.75 of them in its first quarter, variances the same (Poisson).
  const runs = Array.from({ length: 400 }, (_, seed) => planOf(config, seed));
  const whole = runs.map(({ arrivals }) => arrivals);
  const quarter = runs.map((planned) => dueBy(planned, 2.5e9));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: number[]) => mean(values.map((value) => (value - mean(values)) ** 2));
  for (const [values, expected] of [
    [whole, 400],
    [quarter, 43.75],
  ] as const) {
    // Four standard errors.
    expect(Math.abs(mean(values) - expected)).toBeLessThan(4 * Math.sqrt(expected / runs.length));
    expect(Math.abs(variance(values) / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / runs.length));
  }
});

test('Poisson: gaps are exponential (Kolmogorov-Smirnov), not even', () => {
  const rate = 1000;
  const planned = planOf(
    {
      executor: 'poisson-arrival-rate',
      rate,
      timeUnit: 1000,
      duration: 20_000,
      startTime: 0,
      gracefulStop: 0,
      deadline: 1,
      maxVUs: 1,
    },
    7,
  );
  const times = timesOf(planned);
  const gaps = times.slice(1).map((ns, index) => (ns - (times[index] as number)) / 1e9);
  gaps.sort((a, b) => a - b);
  const distance = Math.max(
    ...gaps.map((gap, index) => Math.abs(1 - Math.exp(-rate * gap) - (index + 0.5) / gaps.length)),
  );
  // 1.63 / sqrt(n): exceeded in 1 % of samples, and always by even gaps.
  expect(distance).toBeLessThan(1.63 / Math.sqrt(gaps.length));
});

test('dueBy counts the arrivals whose time has come', () => {
  fc.assert(
    fc.property(open, seed, fc.double({ min: -1e9, max: 2e10, noNaN: true }), (config, seed, ns) => {
      const planned = planOf(config, seed);
      expect(dueBy(planned, ns)).toBe(timesOf(planned).filter((time) => time <= ns).length);
      expect(dueBy(planned, Infinity)).toBe(planned.arrivals);
    }),
  );
});

test('a herd is due at its start, all of it, and may all be in flight at once', () => {
  const planned = planOf(
    { executor: 'herd', iterations: 30, startTime: 2000, gracefulStop: 1, deadline: 1 },
    1,
  );
  expect(planned).toMatchObject({ arrivals: 30, maxVUs: 30, startNs: 2e9, endNs: 2e9 });
  expect(timesOf(planned)).toEqual(Array(30).fill(2e9));
  expect(dueBy(planned, 2e9 - 1)).toBe(0);
});

test('a closed executor has no schedule', () => {
  const planned = planOf(
    { executor: 'constant-vus', vus: 3, duration: 1000, startTime: 0, gracefulStop: 0, deadline: 1 },
    1,
  );
  expect(planned).toMatchObject({ arrivals: 0, maxVUs: 3, endNs: 1e9 });
  expect(timesOf(planned)).toEqual([]);
});
