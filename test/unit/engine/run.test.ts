/** Runs against real servers on loopback: what the engine counts is what the server saw. */
import { expect, test } from 'vitest';
import { TARGET_NAMES } from '../../../infra/targets.ts';
import type { Progress, ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import { UsageError } from '../../../runner/errors.ts';
import { REQUEST_KINDS } from '../../../runner/plan/plan.ts';
import { delayed, identity, startServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';

test.concurrent('every scenario: exact counts, nothing failed, and the facts of TLS', async ({ expect }) => {
  await using server = await startServer();
  const scenarios = REQUEST_KINDS.map((kind, index) => plannedScenario({ kind, firstNs: index * 3e6 }));
  const { scenarios: results, ...result } = await run({
    plan: planOf(...scenarios),
    endpoints: server.endpoints,
  });

  expect(result).toMatchObject({ seed: 1, interrupted: false });
  expect(Date.parse(result.endedAt) - Date.parse(result.startedAt)).toBe(Math.floor(result.durationMs));
  for (const kind of REQUEST_KINDS) {
    const { counts, errorSamples } = results[kind] as ScenarioResult;
    expect(errorSamples).toEqual([]);
    expect(counts).toEqual({
      offered: 50,
      sent: 50,
      completed: 50,
      failed: 0,
      failedByKind: {},
      dropped: 0,
      unfinished: 0,
    });
  }
  expect(server.seen).toEqual({
    'POST /api/v1/certificates': 50,
    'GET /api/v1/certificates': 50,
    'GET /': 50 * TARGET_NAMES.length,
  });

  const { negotiated, trends } = results.nginx_handshake as ScenarioResult;
  expect(negotiated).toMatchObject({
    alpn: { 'http/1.1': 50 },
    protocol: { 'TLSv1.3': 50 },
    group: { X25519: 50 },
    connections: 50,
    sessionsReused: 0,
  });
  expect(negotiated.fingerprint).toEqual({ [identity.fingerprint]: 50 });
  expect(Object.values(negotiated.cipher)).toEqual([50]);
  for (const [metric, { totalCount }] of Object.entries(trends))
    expect(totalCount, metric).toBe(metric.startsWith('deploy_') ? 0 : 50);
  expect(trends.http_req_tls_handshaking.getValueAtPercentile(0)).toBeGreaterThan(0);

  const api = Object.values(results).filter(({ name }) => !name.endsWith('_handshake'));
  const opened = api.reduce((sum, { negotiated }) => sum + negotiated.connections, 0);
  expect(server.connections).toBe(50 * TARGET_NAMES.length + opened);
});

test.concurrent('two workers: each sends its half, and the seconds are of both', async ({ expect }) => {
  await using server = await startServer();
  const scenarios = REQUEST_KINDS.slice(0, 3).map((kind, index) =>
    plannedScenario({ kind, firstNs: index * 3e6, arrivals: 101, periodNs: 10e6 }),
  );
  const plan = { ...planOf(...scenarios), workers: 2 };
  const { scenarios: results, health } = await run({ plan, endpoints: server.endpoints });

  expect(Object.keys(health.lanes).sort()).toEqual(['api 1', 'api 2', 'handshake 1', 'handshake 2']);
  for (const { counts, trends, series, negotiated } of Object.values(results)) {
    expect(counts).toMatchObject({ offered: 101, sent: 101, completed: 101 });
    expect(trends.response_time.totalCount).toBe(101);
    expect(series[0]?.sent).toBe(100);
    expect(Math.max(...series.map(({ max }) => max ?? 0))).toBe(
      trends.response_time.getValueAtPercentile(100) / 1000,
    );
    expect(negotiated.protocol).toEqual({ 'TLSv1.3': negotiated.connections });
  }
  expect(server.seen).toEqual({
    'POST /api/v1/certificates': 101,
    'GET /api/v1/certificates': 101,
    'GET /': 101,
  });
});

test.concurrent('a herd is sent at once: none waits for another, and none is dropped', async ({ expect }) => {
  await using server = await startServer(delayed(300));
  const all = { arrivals: 40, maxVUs: 40, course: [] };
  const herd = { ...all, executor: 'herd', spacing: { type: 'herd' } } as const;
  const plan = planOf(
    plannedScenario({ ...herd, endNs: 0 }),
    plannedScenario({ ...herd, kind: 'nginx_handshake', startNs: 100e6, endNs: 100e6 }),
  );
  const { scenarios } = await run({ plan, endpoints: server.endpoints });
  for (const { counts, series } of Object.values(scenarios)) {
    expect(counts).toMatchObject({ offered: 40, sent: 40, completed: 40 });
    expect(series[0]).toMatchObject({ second: 0, sent: 40 });
  }
});

test.concurrent('a herd of more loops than there are sites is refused before the load', async ({
  expect,
}) => {
  await using server = await startServer();
  const herd = plannedScenario({
    kind: 'f5_deploy_loop',
    executor: 'herd',
    spacing: { type: 'herd' },
    arrivals: 2,
  });
  const sites = { f5: [{ servername: 'one.test', certificate: 'mc-1', target: 'tgt-1' }] };
  const endpoints = { ...server.endpoints, deploy: { databaseUrl: 'postgres://x', pollMs: 100, sites } };
  const refused = run({ plan: planOf(herd), endpoints });
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(
    /herd of 2, and f5 has 1 sites: bring the stack up with -c sites=2, or/,
  );
});

test.concurrent('maxVUs bounds what is in flight; what finds no place is dropped and counted', async ({
  expect,
}) => {
  await using server = await startServer(delayed(5_000));
  const planned = plannedScenario({ maxVUs: 3, arrivals: 10, deadlineMs: 400, gracefulStopMs: 1000 });
  const { scenarios } = await run({ plan: planOf(planned), endpoints: server.endpoints });
  const { counts, series } = scenarios.list_certificates as ScenarioResult;
  expect(counts).toMatchObject({ offered: 10, sent: 3, dropped: 7, failedByKind: { timeout: 3 } });
  expect(series[0]).toMatchObject({ second: 0, sent: 3, dropped: 7 });
  expect(server.connections).toBe(3);
});

test.concurrent('progress comes while it runs, and the series has every second with what was due in it', async ({
  expect,
}) => {
  await using server = await startServer();
  const progress: Progress[] = [];
  const { scenarios } = await run({
    plan: planOf(plannedScenario({ periodNs: 20e6, arrivals: 110 })),
    endpoints: server.endpoints,
    onProgress: (now) => progress.push(structuredClone(now)),
  });
  expect(progress.length).toBeGreaterThan(0);
  for (const { elapsedMs, totalMs, scenarios } of progress) {
    expect(totalMs).toBe(2200);
    expect(elapsedMs).toBeGreaterThan(1000);
    expect(scenarios).toMatchObject([{ name: 'list_certificates' }]);
  }
  const { series } = scenarios.list_certificates as ScenarioResult;
  expect(series.map(({ second, sent }) => [second, sent])).toEqual([
    [0, 50],
    [1, 50],
    [2, 10],
  ]);
  expect(series.reduce((sum, { completed }) => sum + completed, 0)).toBe(110);
});

test.each([
  ['issuance_acceptance' as const, 'the API of the subject'],
  ['f5_handshake' as const, 'the target "f5"'],
])('%s without its endpoint is an error before anything is sent', async (kind, missing) => {
  const plan = planOf(plannedScenario({ kind }));
  const attempt = run({ plan, endpoints: { api: undefined, targets: {}, ca: undefined } });
  await expect(attempt).rejects.toThrow(UsageError);
  await expect(attempt).rejects.toThrow(`scenario "${kind}" needs ${missing}`);
});
