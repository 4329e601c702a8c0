/** Times are true: servers of known behaviour. Upper bounds are wide, because the machine may be busy. */
import { expect, test } from 'vitest';
import type { ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import { certctl, delayed, startServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';

const MS = 1000;

test('a server that takes 50 ms takes 50 ms', async () => {
  await using server = await startServer(delayed(50));
  const plan = planOf(
    plannedScenario({ arrivals: 60 }),
    plannedScenario({ kind: 'nginx_handshake', arrivals: 60, firstNs: 10e6 }),
  );
  const { scenarios } = await run({ plan, endpoints: server.endpoints });
  for (const { trends } of Object.values(scenarios)) {
    const p50 = (metric: keyof typeof trends) => trends[metric].getValueAtPercentile(50) / MS;
    // The server's own timer may be up to 1 ms early.
    for (const metric of [
      'response_time',
      'service_time',
      'http_req_duration',
      'http_req_waiting',
    ] as const) {
      expect(p50(metric)).toBeGreaterThanOrEqual(49);
      expect(p50(metric)).toBeLessThan(2000);
    }
    expect(p50('response_time')).toBeGreaterThanOrEqual(p50('service_time'));
    expect(p50('service_time')).toBeGreaterThanOrEqual(p50('http_req_duration'));
  }
});

test('a stall of the server is seen by every arrival that is due in it', async () => {
  let seen = 0;
  await using server = await startServer((request, response) => {
    // The server is in this thread; the load is not.
    if (++seen === 50) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    return certctl(request, response);
  });
  const plan = planOf(plannedScenario({ periodNs: 10e6, arrivals: 150 }));
  const { scenarios } = await run({ plan, endpoints: server.endpoints });
  const { counts, trends } = scenarios.list_certificates as ScenarioResult;
  expect(counts.completed).toBe(150);
  // 60 arrivals are due while it stalls and wait 600, 590, … 10 ms: a fifth of all waits longer than 300 ms.
  expect(trends.response_time.getValueAtPercentile(100) / MS).toBeGreaterThan(550);
  expect(trends.response_time.getValueAtPercentile(81) / MS).toBeGreaterThan(250);
  expect(trends.send_lag.getValueAtPercentile(50) / MS).toBeLessThan(50);
});
