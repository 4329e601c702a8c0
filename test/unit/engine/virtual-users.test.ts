/** The closed executors on a real server: so many at once, each after the other, and a stall that hides. */
import { expect, test } from 'vitest';
import type { ScenarioResult } from '../../../runner/engine/contract.ts';
import type { Driver } from '../../../runner/engine/driver.ts';
import { run } from '../../../runner/engine/run.ts';
import { VirtualUsers } from '../../../runner/engine/virtual-users.ts';
import { delayed, startServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';

const closed = (course: { durationNs: number; from: number; to: number }[]) =>
  plannedScenario({
    executor: 'constant-vus',
    spacing: { type: 'closed' },
    arrivals: 0,
    course,
    endNs: course.reduce((sum, { durationNs }) => sum + durationNs, 0),
    maxVUs: 100,
  });

test.concurrent('three VUs: never more than three connections, all that was begun is accounted for', async ({
  expect,
}) => {
  await using server = await startServer(delayed(50));
  const plan = planOf(closed([{ durationNs: 1e9, from: 3, to: 3 }]));
  const { scenarios } = await run({ plan, endpoints: server.endpoints });
  const { counts, trends } = scenarios.list_certificates as ScenarioResult;
  expect(server.connections).toBe(3);
  expect(counts).toMatchObject({ failed: 0, dropped: 0, unfinished: 0 });
  expect(counts.completed).toBe(counts.offered);
  expect(counts.completed).toBe(server.seen['GET /api/v1/certificates']);
  // Each VU has at most 20 turns of 50 ms in a second, and at least a few on the slowest machine.
  expect(counts.completed).toBeLessThanOrEqual(63);
  expect(counts.completed).toBeGreaterThan(9);
  expect(trends.response_time.getValueAtPercentile(0) / 1000).toBeGreaterThanOrEqual(49);
});

test.concurrent('the number of VUs follows its course, up and down', async ({ expect }) => {
  await using server = await startServer(delayed(20));
  const ramp = closed([
    { durationNs: 1e9, from: 0, to: 4 },
    { durationNs: 1e9, from: 4, to: 0 },
  ]);
  const { scenarios } = await run({ plan: planOf(ramp), endpoints: server.endpoints });
  const { counts } = scenarios.list_certificates as ScenarioResult;
  expect(counts.completed).toBe(counts.offered);
  expect(server.connections).toBe(4);
  // Four VUs all the time would come to 400.
  expect(counts.completed).toBeLessThan(220);
});

test('interrupted: no more is sent', async () => {
  const interrupt = new AbortController();
  let requests = 0;
  await using server = await startServer((request, response) => {
    if (++requests === 10) interrupt.abort();
    delayed(20)(request, response);
  });
  const plan = planOf(closed([{ durationNs: 60e9, from: 2, to: 2 }]));
  const { scenarios, interrupted } = await run({
    plan,
    endpoints: server.endpoints,
    signal: interrupt.signal,
  });
  expect(interrupted).toBe(true);
  const { counts } = scenarios.list_certificates as ScenarioResult;
  expect(counts.offered).toBe(counts.completed + counts.failed + counts.unfinished);
  expect(counts.completed).toBeGreaterThanOrEqual(8);
  expect(server.seen['GET /api/v1/certificates']).toBe(counts.sent);
});

test('VUs wait where the client can send nothing, and drop nothing', () => {
  const sent: number[] = [];
  let places = 2;
  const driver = {
    get inFlight() {
      return sent.length;
    },
    get isBusy() {
      return sent.length >= places;
    },
    release: (index: number) => sent.push(index),
  };
  const users = new VirtualUsers(closed([{ durationNs: 1e9, from: 5, to: 5 }]), driver as unknown as Driver);
  for (const atNs of [0, 1e8]) users.fill(atNs);
  expect(sent).toEqual([0, 1]);
  places = 9;
  users.fill(2e8);
  expect(sent).toEqual([0, 1, 2, 3, 4]);
});
