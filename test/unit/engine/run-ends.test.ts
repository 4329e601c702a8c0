/** How runs end: gracefulStop, interruption, death of a thread. Always in time, always with everything counted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import { startServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';

const hang = () => {};

test('what is in flight when gracefulStop runs out is unfinished, and its connections are closed', async () => {
  await using server = await startServer(hang);
  const short = { arrivals: 5, periodNs: 10e6, gracefulStopMs: 200 };
  const plan = planOf(plannedScenario(short), plannedScenario({ ...short, kind: 'nginx_handshake' }));
  const { scenarios, durationMs } = await run({ plan, endpoints: server.endpoints });
  for (const { counts, trends } of Object.values(scenarios)) {
    expect(counts).toMatchObject({ offered: 5, sent: 5, unfinished: 5, completed: 0, failed: 0 });
    expect(trends.response_time.totalCount).toBe(0);
    expect(trends.send_lag.totalCount).toBe(5);
  }
  expect(durationMs).toBeGreaterThanOrEqual(250);
  expect(durationMs).toBeLessThan(2000);
});

test('interrupted: sends stop at once, what is in flight has a second, what was not due is not offered', async () => {
  const controller = new AbortController();
  let seen = 0;
  let interruptedMs = Infinity;
  await using server = await startServer(() => {
    if (++seen !== 10) return;
    interruptedMs = performance.now();
    controller.abort();
  });
  const plan = planOf(
    plannedScenario({ arrivals: 10_000 }),
    plannedScenario({ kind: 'f5_handshake', firstNs: 60e9 }),
  );
  const { scenarios, interrupted } = await run({
    plan,
    endpoints: server.endpoints,
    signal: controller.signal,
  });
  expect(interrupted).toBe(true);
  expect(performance.now() - interruptedMs).toBeLessThan(3000);
  const { counts } = scenarios.list_certificates as ScenarioResult;
  expect(counts.unfinished).toBe(counts.sent);
  expect(counts.offered).toBe(counts.sent + counts.dropped);
  expect(counts.offered).toBeGreaterThanOrEqual(10);
  expect(counts.offered).toBeLessThan(100);
  expect(scenarios.f5_handshake?.counts.offered).toBe(0);
});

test('interrupted before it began: nothing is sent', async () => {
  await using server = await startServer();
  const { scenarios, interrupted } = await run({
    plan: planOf(plannedScenario()),
    endpoints: server.endpoints,
    signal: AbortSignal.abort(),
  });
  expect(interrupted).toBe(true);
  expect(scenarios.list_certificates?.counts).toMatchObject({ offered: 0, sent: 0 });
  expect(server.seen).toEqual({});
});

/** Finds the threads that are started from now on, by name. */
function threadsStarted() {
  const threads: Worker[] = [];
  const see = (thread: Worker) => threads.push(thread);
  process.on('worker', see);
  return {
    thread: (name: string) => threads.find(({ threadName }) => threadName === name),
    [Symbol.dispose]: () => process.off('worker', see),
  };
}

test('a thread dies: its arrivals are accounted for, the other thread goes on, the result says so', async () => {
  await using server = await startServer();
  using started = threadsStarted();
  const plan = planOf(
    plannedScenario({ arrivals: 100 }),
    plannedScenario({ kind: 'nginx_handshake', arrivals: 100, deadlineMs: 5000 }),
  );
  const { scenarios } = await run({
    plan,
    endpoints: server.endpoints,
    // Of the first second there is a report; then something of the next is lost.
    onProgress: async () => {
      await sleep(200);
      await started.thread('handshake')?.terminate();
    },
  });

  expect(scenarios.list_certificates?.counts).toMatchObject({ offered: 100, completed: 100 });
  const { counts, trends, errorSamples, series } = scenarios.nginx_handshake as ScenarioResult;
  const { completed, failed, dropped, failedByKind } = counts;
  expect(counts).toMatchObject({ offered: 100, unfinished: 0 });
  expect(failedByKind).toEqual({ worker_died: failed });
  expect(completed + failed + dropped).toBe(100);
  expect(completed).toBeGreaterThan(0);
  expect(failed).toBeGreaterThan(0);
  expect(dropped).toBeGreaterThan(0);
  expect(trends.response_time.totalCount).toBe(completed + failed);
  expect(trends.response_time.getValueAtPercentile(100)).toBeGreaterThanOrEqual(5_000_000);
  expect(errorSamples[0]).toEqual({
    kind: 'worker_died',
    message: 'the handshake worker died: exit code 1',
  });
  expect(series.reduce((sum, point) => sum + point.dropped, 0)).toBe(dropped);
});

test('the pacer dies: the lanes go on by themselves, everything is counted, the result says so', async () => {
  await using server = await startServer();
  using started = threadsStarted();
  const plan = planOf(
    plannedScenario({ arrivals: 100 }),
    plannedScenario({ kind: 'nginx_handshake', arrivals: 100 }),
  );
  const { scenarios, health } = await run({
    plan,
    endpoints: server.endpoints,
    onProgress: () => void started.thread('pacer')?.terminate(),
  });
  for (const { counts } of Object.values(scenarios))
    expect(counts).toMatchObject({ offered: 100, completed: 100, failed: 0, dropped: 0 });
  expect(health.deaths).toEqual(['the pacer died: exit code 1']);
});
