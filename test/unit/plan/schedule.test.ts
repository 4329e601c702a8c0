import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../../runner/errors.ts';
import { Arrivals } from '../../../runner/plan/arrivals.ts';
import type { PlannedScenario } from '../../../runner/plan/plan.ts';
import { makePlan } from '../../../runner/plan/schedule.ts';
import type { ScenarioConfig } from '../../../runner/profiles/executors.ts';
import type { Profile } from '../../../runner/profiles/profile.ts';

type Constant = Extract<ScenarioConfig, { executor: 'constant-arrival-rate' }>;

const config = fc.record<Constant>({
  executor: fc.constant('constant-arrival-rate'),
  rate: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0.1, max: 1000, noNaN: true })),
  timeUnit: fc.constantFrom(1, 100, 1000, 60_000, 3_600_000),
  duration: fc.integer({ min: 1, max: 600_000 }),
  startTime: fc.integer({ min: 0, max: 60_000 }),
  maxVUs: fc.integer({ min: 1, max: 100 }),
  gracefulStop: fc.integer({ min: 0, max: 30_000 }),
  deadline: fc.integer({ min: 1, max: 30_000 }),
});
const seed = fc.nat();

test('as many arrivals as rate x duration, one period apart, all within the duration', () => {
  fc.assert(
    fc.property(config, seed, (config, seed) => {
      const planned = plan({ list_certificates: config }, seed);
      const exact = (config.rate * config.duration) / config.timeUnit;
      expect(planned.arrivals).toBeLessThanOrEqual(exact + 1e-6 * exact);
      expect(planned.arrivals).toBeGreaterThan(exact - 1);

      const startNs = config.startTime * 1e6;
      expect(planned.startNs).toBe(startNs);
      expect(planned.endNs).toBe(startNs + config.duration * 1e6);
      if (planned.arrivals > 1) {
        const periodNs = (config.timeUnit / config.rate) * 1e6;
        const cursor = new Arrivals(planned);
        const firstNs = cursor.dueNs;
        expect(firstNs).toBeGreaterThanOrEqual(startNs);
        expect(firstNs).toBeLessThan(startNs + periodNs);
        cursor.advance();
        expect(cursor.dueNs - firstNs).toBeCloseTo(periodNs, 2);
      }
    }),
  );
});

test('the same seed gives the same plan, another seed another', () => {
  fc.assert(
    fc.property(config, seed, (config, seed) => {
      const scenarios = { issuance_acceptance: config, nginx_handshake: config };
      expect(makePlan(profile(scenarios), { seed, runId: 'r' })).toEqual(
        makePlan(profile(scenarios), { seed, runId: 'r' }),
      );
      expect(plan(scenarios, seed).spacing).not.toEqual(plan(scenarios, seed + 1).spacing);
    }),
  );
});

test('scenarios of the same rate do not fire in lockstep', () => {
  const scenarios = Object.fromEntries(
    ['nginx', 'apache', 'haproxy', 'f5'].map((target) => [`${target}_handshake`, baseline(100, 60_000)]),
  );
  const { scenarios: planned } = makePlan(profile(scenarios), { seed: 1, runId: 'r' });
  expect(new Set(planned.map((one) => new Arrivals(one).dueNs)).size).toBe(4);
});

test('adding a scenario does not move the arrivals of the others', () => {
  const alone = plan({ list_certificates: baseline(50) }, 9);
  const both = makePlan(profile({ issuance_acceptance: baseline(50), list_certificates: baseline(50) }), {
    seed: 9,
    runId: 'r',
  });
  expect(both.scenarios[1]).toEqual(alone);
});

test.each([
  [50, 1000, 300_000, 15_000],
  [100, 60_000, 300_000, 500],
  [0.1, 1000, 30_000, 3],
  [0.3, 1000, 9_999, 2],
  [1, 60_000, 59_999, 0],
])('%d per %d ms for %d ms are %d arrivals', (rate, timeUnit, duration, arrivals) => {
  expect(plan({ list_certificates: { ...baseline(rate, timeUnit), duration } }, 1).arrivals).toBe(arrivals);
});

test('a scenario does what its exec says, else what its name says, else it is an error', () => {
  const named = { mine: { ...baseline(1), exec: 'f5_handshake' as const } };
  expect(plan(named, 1)).toMatchObject({ name: 'mine', kind: 'f5_handshake' });
  expect(plan({ f5_handshake: baseline(1) }, 1).kind).toBe('f5_handshake');
  expect(() => plan({ mine: baseline(1) }, 1)).toThrow(UsageError);
});

function baseline(rate: number, timeUnit = 1000): Constant {
  return {
    executor: 'constant-arrival-rate',
    rate,
    timeUnit,
    duration: 300_000,
    startTime: 0,
    maxVUs: 100,
    gracefulStop: 30_000,
    deadline: 30_000,
  };
}

function profile(scenarios: Record<string, ScenarioConfig>): Profile {
  return { name: 'p', description: '', scenarios, thresholds: {}, seedRows: 0, workers: 1, warmUp: 0 };
}

function plan(scenarios: Record<string, ScenarioConfig>, seed: number): PlannedScenario {
  return makePlan(profile(scenarios), { seed, runId: 'r' }).scenarios[0] as PlannedScenario;
}
