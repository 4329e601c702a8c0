import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketSeconds, buckets } from '../../../../runner/report/html/buckets.ts';

const time = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
const point = fc.record({
  sent: fc.nat(1000),
  completed: fc.nat(1000),
  failed: fc.nat(50),
  dropped: fc.nat(50),
  p50: time,
  p95: time,
  p99: time,
  max: time,
  sendLagP99: time,
  sendLagMax: time,
});
const series = fc
  .array(point, { maxLength: 400 })
  .map((points) => points.map((one, second) => ({ second, ...one })));

test('nothing is lost: counts add up, and the worst second stays', () => {
  fc.assert(
    fc.property(fc.array(series, { maxLength: 3 }), fc.integer({ min: 5, max: 200 }), (all, most) => {
      const found = buckets(all, most);
      const points = all.flat();
      expect(found.length).toBeLessThanOrEqual(most);
      for (const field of ['sent', 'completed', 'failed', 'dropped'] as const) {
        const total = (of: { [key in typeof field]: number }[]) =>
          of.reduce((sum, one) => sum + one[field], 0);
        expect(total(found)).toBe(total(points));
      }
      const failures = found.flatMap(({ failedByKind }) => Object.values(failedByKind));
      expect(failures.reduce((sum, times) => sum + times, 0)).toBe(
        points.reduce((sum, { failed }) => sum + failed, 0),
      );
      for (const field of ['p50', 'p99', 'max', 'sendLagP99', 'sendLagMax'] as const) {
        const worst = (of: { [key in typeof field]: number | null }[]) =>
          Math.max(...of.map((one) => one[field] ?? -1));
        expect(worst(found)).toBe(worst(points));
      }
    }),
  );
});

test('steps have lengths that people read', () => {
  expect(bucketSeconds(20, 160)).toBe(1);
  expect(bucketSeconds(310, 160)).toBe(2);
  expect(bucketSeconds(36_000, 160)).toBe(300);
});
