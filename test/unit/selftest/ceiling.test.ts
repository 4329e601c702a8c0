import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Health } from '../../../runner/engine/health.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { findCeiling, judge, type Probe, probe } from '../../../runner/selftest/ceiling.ts';
import { startServer } from '../../support/https-server.ts';
import { healthy, histogramOf, runOf, scenarioOf } from '../result/run-fixture.ts';

/** A generator that keeps its pace up to `most`; remembers what was tried. */
function upTo(most: number) {
  const tried: number[] = [];
  const attempt = async (rate: number): Promise<Probe> => {
    tried.push(rate);
    const seen = { rate, sendLagP50Ms: 0, sendLagP99Ms: 0, serviceP50Ms: 0, cpuUs: 0 };
    return rate <= most ? seen : { ...seen, limit: 'too fast' };
  };
  return { tried, attempt };
}

test('the greatest rate is found to 15 %, in few attempts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1000, max: 31_999 }), async (most) => {
      const { tried, attempt } = upTo(most);
      const { best, failed } = await findCeiling(attempt, 1000, 32_000);
      expect(best?.rate).toBeLessThanOrEqual(most);
      expect(failed).toMatchObject({ limit: 'too fast' });
      expect(failed?.rate).toBeGreaterThan(most);
      expect((failed?.rate ?? 0) / (best?.rate ?? 1)).toBeLessThanOrEqual(1.16);
      expect(tried.length).toBeLessThanOrEqual(9);
    }),
  );
});

test('a machine that keeps every rate has no failure, one that keeps none has no best', async () => {
  expect(await findCeiling(upTo(99_999).attempt, 1000, 4000)).toEqual({
    best: expect.objectContaining({ rate: 4000 }),
  });
  expect(await findCeiling(upTo(10).attempt, 1000, 4000)).toEqual({
    failed: expect.objectContaining({ rate: 1000 }),
  });
});

test('an attempt is a run: what it sends arrives, and its figures are of that', async () => {
  await using server = await startServer((_, response) =>
    response.end(JSON.stringify({ data: [], total: 0, page: 1, per_page: 50 })),
  );
  const seen = await probe('list_certificates', 50, server.endpoints);
  expect(server.seen).toEqual({ 'GET /api/v1/certificates': 125 });
  expect(seen).toMatchObject({ rate: 50 });
  expect(seen.cpuUs).toBeGreaterThan(10);
  expect(seen.serviceP50Ms).toBeGreaterThan(0);
});

test('a target that does not answer is told as the limit', async () => {
  await using server = await startServer(() => {});
  expect((await probe('list_certificates', 20, server.endpoints)).limit).toMatch(/send lag|did not answer/);
});

/** A probe at which every request was answered in time, of a generator in this health. */
async function probed(change: (health: Health) => void): Promise<Probe> {
  const health = healthy();
  change(health);
  const result = runOf([scenarioOf('list_certificates', Array(1000).fill(500))], { health });
  return judge({ rate: 500, kind: 'list_certificates', profile: await loadProfile('smoke'), result });
}
const seconds = (health: Health, change: { cpu?: number; cpuWait?: number }) => {
  for (const lane of Object.values(health.lanes))
    lane.seconds = lane.seconds.map((one) => ({ ...one, ...change }));
};

test.each<[RegExp, (health: Health) => void]>([
  [/^generator_cpu of api is 0\.95, limit 0\.7$/, (health) => seconds(health, { cpu: 0.95 })],
  [/^cpu_wait of api is 0\.30, limit 0\.1$/, (health) => seconds(health, { cpuWait: 0.3 })],
  [
    /^event_loop of api is 20\.\d\d, limit 10$/,
    ({ lanes }) => Object.assign(lanes.api ?? {}, { loopDelay: histogramOf([20_000]) }),
  ],
  [
    /^cpu_throttled of the generator is 0\.50, limit 0\.01$/,
    (health) => Object.assign(health, { throttled: 0.5 }),
  ],
])('a rate at which a run would be INVALID is not kept: %s', async (limit, change) => {
  expect((await probed(change)).limit).toMatch(limit);
});

test('a rate at which a run would be valid is kept', async () => {
  expect((await probed(() => {})).limit).toBeUndefined();
});
