/** A threshold with abortOnFail ends a run: in time, with everything counted, and what was measured stays valid. */
import { expect, test } from 'vitest';
import type { Progress, ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import { makePlan } from '../../../runner/plan/schedule.ts';
import { parseProfile } from '../../../runner/profiles/parse.ts';
import { abortJudge } from '../../../runner/result/thresholds.ts';
import { judgeValidity } from '../../../runner/result/validity/judge.ts';
import { delayed, startServer } from '../../support/https-server.ts';

/** A minute of load, and what is in flight has less than a second at its end. */
const profileWith = (threshold: string) =>
  parseProfile(
    `name: aborts
scenarios:
  list_certificates: { executor: constant-arrival-rate, rate: 50, duration: 1m, deadline: 10s, maxVUs: 500, gracefulStop: 700ms }
  nginx_handshake: { executor: poisson-arrival-rate, rate: 20, duration: 1m, deadline: 10s, maxVUs: 200, gracefulStop: 100ms }
  later: { exec: f5_handshake, executor: constant-arrival-rate, rate: 20, startTime: 30s, duration: 1m, deadline: 10s, maxVUs: 200 }
thresholds:
  response_time{scenario:nginx_handshake}: [${threshold}]
`,
    'aborts.yaml',
  );

async function load(threshold: string, delayMs: number) {
  await using server = await startServer(delayed(delayMs));
  const profile = profileWith(threshold);
  const plan = makePlan(profile, { seed: 7, runId: 'run' });
  const progress: Progress[] = [];
  const result = await run({
    plan,
    endpoints: server.endpoints,
    judge: abortJudge(profile),
    onProgress: (now) => progress.push(now),
  });
  return { result, server, progress, validity: judgeValidity(profile, result) };
}

test.concurrent('it ends when the threshold does not hold, after delayAbortEval and gracefulStop', async ({
  expect,
}) => {
  const threshold = '{ threshold: "p(50)<300", abortOnFail: true, delayAbortEval: 1500ms }';
  const { result, server, validity } = await load(threshold, 400);
  const { aborted, scenarios, interrupted, durationMs } = result;
  expect(interrupted).toBe(false);
  expect(aborted).toMatchObject({
    metric: 'response_time{scenario:nginx_handshake}',
    expression: 'p(50)<300',
    value: expect.any(Number),
  });
  const { atMs = Number.NaN, value } = aborted ?? {};
  expect(value).toBeGreaterThan(300);
  expect(atMs).toBeGreaterThanOrEqual(1500);
  expect(atMs).toBeLessThan(5000);
  expect(durationMs).toBeLessThan(atMs + 2000);

  const { list_certificates: list, nginx_handshake: nginx, later } = scenarios;
  for (const { counts } of Object.values(scenarios)) {
    const { offered, completed, failed, dropped, unfinished } = counts;
    expect(completed + failed + dropped + unfinished).toBe(offered);
    expect(dropped + failed).toBe(0);
  }
  // What is in flight has its own gracefulStop: longer than an answer for the one, shorter for the other.
  expect(list?.counts).toMatchObject({ unfinished: 0, sent: server.seen['GET /api/v1/certificates'] });
  expect(nginx?.counts.unfinished).toBeGreaterThan(0);
  expect(later?.counts.offered).toBe(0);
  for (const name of ['arrivals_due', 'achieved', 'generator_drops', 'worker_deaths'])
    expect(validity.rules.find(({ rule }) => rule === name)).toMatchObject({ ok: true, judged: true });
});

test.concurrent('it ends as little later as there is to wait for', async ({ expect }) => {
  const { result } = await load('{ threshold: "min<0", abortOnFail: true }', 0);
  const { list_certificates, nginx_handshake } = result.scenarios;
  for (const scenario of [list_certificates, nginx_handshake] as ScenarioResult[]) {
    expect(scenario.counts.completed).toBe(scenario.counts.offered);
    expect(scenario.counts.offered).toBeGreaterThan(10);
  }
  expect(result.durationMs).toBeLessThan((result.aborted?.atMs ?? 0) + 500);
});

test('once all is sent there is nothing to end', async () => {
  await using server = await startServer(delayed(1500));
  const profile = parseProfile(
    `name: short
scenarios:
  list_certificates: { executor: constant-arrival-rate, rate: 10, duration: 1s, deadline: 10s, maxVUs: 100 }
thresholds:
  iterations: [{ threshold: 'count<0', abortOnFail: true }]
`,
    'short.yaml',
  );
  const plan = makePlan(profile, { seed: 1, runId: 'run' });
  const { aborted, scenarios } = await run({
    plan,
    endpoints: server.endpoints,
    judge: abortJudge(profile),
  });
  expect(aborted).toBeUndefined();
  expect(scenarios.list_certificates?.counts.completed).toBe(10);
});
