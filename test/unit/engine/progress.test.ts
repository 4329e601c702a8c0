import { expect, test } from 'vitest';
import { Aggregate } from '../../../runner/engine/aggregate.ts';
import { plannedScenario } from '../../support/plans.ts';
import { virtualRun } from '../../support/virtual-run.ts';

test('progress has what was sent in the last whole second, and the percentiles so far', () => {
  const planned = plannedScenario({ periodNs: 20e6, arrivals: 110 });
  const { reports } = virtualRun(planned, [{ ms: 5, does: 'answer' }]);
  const aggregate = new Aggregate(planned);
  expect(aggregate.progress(0)).toMatchObject({ rate: 0, p50: null, p99: null, inFlight: 0 });
  for (const report of reports) aggregate.add(report);
  for (const [nowNs, rate] of [
    [1.1e9, 50],
    [2.1e9, 50],
    [3.1e9, 10],
  ] as const) {
    expect(aggregate.progress(nowNs)).toMatchObject({ name: planned.name, rate, inFlight: 0 });
  }
  expect(aggregate.progress(3.1e9).p99).toBeCloseTo(5, 1);
});
