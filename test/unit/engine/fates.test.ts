/** Every arrival ends in exactly one way, whatever happens: random plans in virtual time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Aggregate } from '../../../runner/engine/aggregate.ts';
import type { ScenarioResult } from '../../../runner/engine/contract.ts';
import { dueBy } from '../../../runner/plan/arrivals.ts';
import type { PlannedScenario } from '../../../runner/plan/plan.ts';
import { makePlan } from '../../../runner/plan/schedule.ts';
import { sharesOf } from '../../../runner/plan/share.ts';
import { type Behaviour, virtualRun } from '../../support/virtual-run.ts';

const RUNS = { numRuns: 1000 };

const ms = (min: number, max: number) => fc.integer({ min, max });
const limits = {
  // Never at the very moment of a tick, which floating point may see on either side.
  startTime: ms(0, 500).map((start) => start + 0.0000005),
  deadline: ms(20, 3000),
  gracefulStop: ms(0, 1000),
};
const rate = fc.double({ min: 1, max: 200, noNaN: true });
const stages = fc.array(fc.record({ duration: ms(0, 400), target: rate }), { minLength: 1, maxLength: 4 });
const maxVUs = fc.integer({ min: 1, max: 20 });
const steady = { rate, timeUnit: fc.constant(1000), duration: ms(1, 1500), maxVUs, ...limits };
const open = fc.oneof(
  fc.record({ executor: fc.constant('constant-arrival-rate' as const), ...steady }),
  fc.record({ executor: fc.constant('poisson-arrival-rate' as const), ...steady }),
  fc.record({
    executor: fc.constant('ramping-arrival-rate' as const),
    startRate: rate,
    timeUnit: fc.constant(1000),
    stages: stages.filter((all) => all.some(({ duration }) => duration > 0)),
    arrivals: fc.constantFrom('constant' as const, 'poisson' as const),
    maxVUs,
    ...limits,
  }),
);
const planned = fc.record({ config: open, seed: fc.nat() }).map(({ config, seed }) => {
  const profile = {
    name: 'fates',
    description: '',
    scenarios: { list_certificates: config },
    thresholds: {},
    seedRows: 0,
    workers: 1,
    warmUp: 0,
  };
  return makePlan(profile, { seed, runId: 'r' }).scenarios[0] as PlannedScenario;
});
/** Threads that share it. */
const workers = fc.integer({ min: 1, max: 3 });
const does = fc.constantFrom<Behaviour['does']>('answer', 'answer_wrong', 'answer_500', 'reset', 'nothing');
const behaviours = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 4000 }), does }), { minLength: 1 });

test('undisturbed: offered is the plan, sent is what the server saw, and everything adds up', () => {
  fc.assert(
    fc.property(planned, workers, behaviours, (planned, workers, behaviours) => {
      const aggregate = new Aggregate(planned, workers);
      let seen = 0;
      for (const [worker, share] of sharesOf(planned, workers).entries()) {
        const run = virtualRun(share, behaviours);
        for (const report of run.reports) aggregate.add(report, worker);
        seen += run.seen;
      }
      const result = aggregate.result();
      addsUp(result);
      expect(result.counts.offered).toBe(planned.arrivals);
      expect(result.counts.sent).toBe(seen);
      expect(result.trends.send_lag.totalCount).toBe(seen);
    }),
    RUNS,
  );
});

test('interrupted: offered is what was due by then', () => {
  fc.assert(
    fc.property(planned, workers, behaviours, fc.nat(5000), (planned, workers, behaviours, stopMs) => {
      const aggregate = new Aggregate(planned, workers);
      const tickNs = Math.ceil(stopMs / 20) * 20e6;
      for (const [worker, share] of sharesOf(planned, workers).entries()) {
        const { reports, endNs } = virtualRun(share, behaviours, stopMs);
        for (const report of reports) aggregate.add(report, worker);
        expect(endNs).toBeLessThanOrEqual(tickNs + 1000e6);
      }
      addsUp(aggregate.result());
      expect(aggregate.result().counts.offered).toBe(dueBy(planned, tickNs));
    }),
    RUNS,
  );
});

test('the thread died: what it took with it has failed, what was due later is dropped', () => {
  const when = fc.record({ told: fc.double({ min: 0, max: 1, noNaN: true }), afterNs: fc.nat(2e9) });
  const interrupted = fc.option(fc.nat(3e9), { nil: Infinity });
  fc.assert(
    fc.property(planned, behaviours, when, interrupted, (planned, behaviours, { told, afterNs }, untilNs) => {
      const { reports } = virtualRun(planned, behaviours);
      const known = reports.slice(0, Math.floor(told * reports.length));
      const aggregate = new Aggregate(planned);
      for (const report of known) aggregate.add(report);
      const reported = aggregate.result().counts;
      const diedNs = ((known.at(-1)?.second ?? -1) + 1) * 1e9 + afterNs;
      aggregate.laneDied(diedNs, untilNs, 'the api worker died: test');

      const result = aggregate.result();
      addsUp(result);
      const { counts } = result;
      expect(counts.offered).toBe(Math.max(dueBy(planned, untilNs), reported.offered));
      expect(counts.completed).toBe(reported.completed);
      expect(counts.failedByKind.worker_died ?? 0).toBe(counts.failed - reported.failed);
      expect(result.errorSamples[0]).toEqual({ kind: 'worker_died', message: 'the api worker died: test' });
    }),
    RUNS,
  );
});

test('one of two threads died: the other one has all of its share', () => {
  const ofTwo = planned.map((one) => ({ ...one, maxVUs: one.maxVUs + 1 }));
  fc.assert(
    fc.property(ofTwo, behaviours, fc.nat(3000), (planned, behaviours, diedMs) => {
      const [lost, kept] = sharesOf(planned, 2) as [PlannedScenario, PlannedScenario];
      const { reports, seen } = virtualRun(kept, behaviours);
      const aggregate = new Aggregate(planned, 2);
      for (const report of reports) aggregate.add(report, 1);
      aggregate.laneDied(diedMs * 1e6, Infinity, 'the api 1 worker died: test', 0);

      const result = aggregate.result();
      addsUp(result);
      const { counts } = result;
      expect(counts.offered).toBe(planned.arrivals);
      const due = dueBy(lost, diedMs * 1e6);
      expect(counts.failedByKind.worker_died ?? 0).toBe(due);
      expect(counts.sent).toBe(seen + due);
    }),
    RUNS,
  );
});

function addsUp({ counts, trends, series }: ScenarioResult): void {
  const { offered, completed, failed, dropped, unfinished, sent } = counts;
  expect(offered).toBe(completed + failed + dropped + unfinished);
  expect(sent).toBe(completed + failed + unfinished);
  expect(failed).toBe(Object.values(counts.failedByKind).reduce((sum, number) => sum + number, 0));
  // Failing never looks fast: every end has its time.
  expect(trends.response_time.totalCount).toBe(completed + failed);
  expect(trends.service_time.totalCount).toBe(completed + failed);
  const sum = (field: 'sent' | 'completed' | 'failed' | 'dropped') =>
    series.reduce((total, point) => total + point[field], 0);
  expect([sum('sent'), sum('completed'), sum('failed'), sum('dropped')]).toEqual([
    sent,
    completed,
    failed,
    dropped,
  ]);
  const kinds: Record<string, number> = {};
  for (const { failedByKind = {} } of series) {
    for (const [kind, times] of Object.entries(failedByKind)) kinds[kind] = (kinds[kind] ?? 0) + times;
  }
  expect(kinds).toEqual(counts.failedByKind);
  expect(series.map(({ second }) => second)).toEqual(series.map((_, index) => index));
}
