/** The engine against servers of known behaviour, each in a process of its own; what they saw is the truth. */
import { expect, test } from 'vitest';
import type { RunResult, ScenarioResult } from '../../runner/engine/contract.ts';
import { run } from '../../runner/engine/run.ts';
import { type Answers, startKnownServer } from '../support/known-server.ts';
import { plannedScenario, planOf } from '../support/plans.ts';

const KIND = 'list_certificates';
const scenario = ({ scenarios }: RunResult, name = KIND) => scenarios[name] as ScenarioResult;
/** Of the histogram's percentile, in ms. */
const ms = (histogram: ScenarioResult['trends']['response_time'], percent: number) =>
  histogram.getValueAtPercentile(percent) / 1000;

/** A machine may be busy for a second, and then all is late: a figure that is wrong is wrong each time. */
const AGAIN = { retry: 2 };

test.each<Answers>([
  { type: 'constant', ms: 1 },
  { type: 'constant', ms: 50 },
  { type: 'bimodal', ms: [2, 60], share: 0.2 },
  { type: 'pareto', scaleMs: 2, shape: 1.2, maxMs: 1000 },
])('percentiles are those of the server: %j', AGAIN, async (answers) => {
  await using server = await startKnownServer(answers);
  const plan = planOf(plannedScenario({ periodNs: 8e6, arrivals: 250 }));
  const { counts, trends } = scenario(await run({ plan, endpoints: server.endpoints }));
  const own = await server.record();
  expect(counts).toMatchObject({ offered: 250, sent: 250, completed: 250 });
  expect(own.requests).toBe(250);
  for (const percent of [0, 50, 75, 90, 95, 99, 100]) {
    const [reported, truth] = [ms(trends.response_time, percent), ms(own.times, percent)];
    // Never less than the server itself took, but for the width of two buckets.
    expect(reported, `p${percent}`).toBeGreaterThanOrEqual(truth * 0.998 - 0.001);
    // A busy machine is slower than its server: how much on a quiet one, `bench/figures/truth.ts` measures.
    const within = percent <= 50 ? 3 + truth * 0.02 : 50;
    expect(reported - truth, `p${percent}`).toBeLessThan(within);
  }
});

test(
  'a stall of 1 s in 5 s is in the response times as the arithmetic has it; a closed loop beside it misses it',
  AGAIN,
  async () => {
    await using server = await startKnownServer({ type: 'stall', fromMs: 2000, forMs: 1000 });
    const open = plannedScenario({ periodNs: 10e6, arrivals: 500 });
    const closed = plannedScenario({
      name: 'closed',
      executor: 'constant-vus',
      spacing: { type: 'closed' },
      course: [{ durationNs: 5e9, from: 2, to: 2 }],
      arrivals: 0,
      endNs: 5e9,
    });
    const result = await run({ plan: planOf(open, closed), endpoints: server.endpoints });
    const seen = scenario(result);
    const beside = scenario(result, 'closed');
    expect(seen.counts).toMatchObject({ offered: 500, sent: 500, completed: 500 });
    expect((await server.record()).requests).toBe(500 + beside.counts.sent);
    // A fifth of the arrivals waits, evenly spread from 1000 ms down to nothing: one in a hundred for 950 ms or longer.
    expect(ms(seen.trends.response_time, 99) / 950).toBeCloseTo(1, 1);
    expect(ms(seen.trends.response_time, 100) / 1000).toBeCloseTo(1, 1);
    // A closed loop sends nothing meanwhile: two of its hundreds of requests have seen the stall.
    expect(beside.counts.sent).toBeGreaterThan(300);
    expect(ms(beside.trends.response_time, 99)).toBeLessThan(100);
  },
);
