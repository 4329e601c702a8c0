import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCeiling, type Probe, probe } from '../../../runner/selftest/ceiling.ts';
import { startServer } from '../../support/https-server.ts';

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
