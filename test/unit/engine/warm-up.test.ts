/** What comes before time zero is sent, and measured nowhere. */
import { expect, test } from 'vitest';
import type { ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import { warmUpOf } from '../../../runner/plan/warm-up.ts';
import { certctl, startServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';

test('the mean rate, evenly spaced, up to time zero; nothing without a warm-up, and none for closed executors, herds and deploy loops', () => {
  const ramp = plannedScenario({
    course: [{ durationNs: 10e9, from: 0, to: 100 }],
    arrivals: 500,
    endNs: 10e9,
  });
  const closed = plannedScenario({ executor: 'constant-vus', spacing: { type: 'closed' }, arrivals: 0 });
  const herd = plannedScenario({ executor: 'herd', spacing: { type: 'herd' }, course: [] });
  const loop = plannedScenario({ kind: 'nginx_deploy_loop' });
  expect(warmUpOf([ramp, closed, herd, loop], { warmUpMs: 2000 })).toMatchObject([
    {
      name: 'list_certificates.warm-up',
      startNs: -2e9,
      endNs: 0,
      arrivals: 100,
      course: [{ from: 50, to: 50 }],
    },
  ]);
  expect(warmUpOf([ramp], { warmUpMs: 0 })).toEqual([]);
});

test('the server sees it, the result does not: also where the warm-up is slow and fails', async () => {
  const posted: string[] = [];
  let requests = 0;
  await using server = await startServer((request, response) => {
    // The first ten, all of the warm-up of 50 a second, fail after a while.
    if (++requests <= 10) setTimeout(() => response.writeHead(500).end(), 100);
    else certctl(request, response);
    request.on('data', (chunk: Buffer) => posted.push(JSON.parse(chunk.toString()).id));
  });
  const plan = planOf(
    plannedScenario({ kind: 'issuance_acceptance', arrivals: 20 }),
    plannedScenario({ kind: 'nginx_handshake', arrivals: 20 }),
  );
  const { scenarios, durationMs } = await run({
    plan: { ...plan, warmUpMs: 1000 },
    endpoints: server.endpoints,
  });
  expect(server.seen).toEqual({ 'POST /api/v1/certificates': 70, 'GET /': 70 });
  // What the warm-up creates has other ids than what the run does.
  expect(new Set(posted).size).toBe(70);
  for (const name of ['issuance_acceptance', 'nginx_handshake']) {
    const { counts, trends, series, statuses } = scenarios[name] as ScenarioResult;
    expect(counts).toMatchObject({ offered: 20, sent: 20, completed: 20, failed: 0 });
    expect(trends.response_time.totalCount).toBe(20);
    expect(Object.values(statuses)).toEqual([20]);
    expect(series.reduce((sum, { completed }) => sum + completed, 0)).toBe(20);
  }
  expect((scenarios.nginx_handshake as ScenarioResult).negotiated.connections).toBe(20);
  expect(durationMs).toBeGreaterThan(379);
});
