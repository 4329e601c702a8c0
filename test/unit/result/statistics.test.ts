import fc from 'fast-check';
import { decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { mean, merged, percentile, statistics } from '../../../runner/result/statistics.ts';
import { histogramOf } from './run-fixture.ts';

const micros = fc.integer({ min: 0, max: 120_000_000 });
const samples = fc.array(micros, { minLength: 1, maxLength: 200 });

test('figures are milliseconds of integer microseconds', () => {
  const figures = statistics(histogramOf([100, 200, 300, 400, 1000]));
  expect(figures).toEqual({
    samples: 5,
    avg: 0.4,
    min: 0.1,
    med: 0.3,
    max: 1,
    p50: 0.3,
    p90: 1,
    p95: 1,
    p99: 1,
    p999: 1,
  });
});

test('without samples there are no figures', () => {
  const { samples, ...figures } = statistics(histogramOf([]));
  expect(samples).toBe(0);
  expect(new Set(Object.values(figures))).toEqual(new Set([null]));
});

test('a percentile is at most 0.1 % above the nearest-rank one', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 1000 }), (values, tenths) => {
      const rank = Math.ceil((tenths * values.length) / 1000);
      const exact = (values.toSorted((a, b) => a - b)[rank - 1] ?? Number.NaN) / 1000;
      const measured = percentile(histogramOf(values), tenths / 10);
      expect(measured).toBeGreaterThanOrEqual(exact);
      expect(measured).toBeLessThanOrEqual(exact * 1.001);
    }),
  );
});

test('percentiles rise from min to max, and the mean lies between them', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const { avg, min, p50, p90, p95, p99, p999, max } = statistics(histogramOf(values));
      const rising = [min, p50, p90, p95, p99, p999, max].map(Number);
      expect(rising).toEqual(rising.toSorted((a, b) => a - b));
      expect(avg).toBeGreaterThanOrEqual(rising[0] ?? Number.NaN);
      expect(avg).toBeLessThanOrEqual(rising.at(-1) ?? Number.NaN);
    }),
  );
});

test('merging loses nothing: figures of the parts are figures of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.array(micros, { maxLength: 50 }), { maxLength: 6 }), (parts) => {
      expect(statistics(merged(parts.map(histogramOf)))).toEqual(statistics(histogramOf(parts.flat())));
    }),
  );
});

test('figures can be computed again from the encoded histogram', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const histogram = histogramOf(values);
      const decoded = decodeFromCompressedBase64(encodeIntoCompressedBase64(histogram));
      expect(statistics(decoded)).toEqual(statistics(histogram));
    }),
  );
});

test('the mean is within 0.1 % of the arithmetic one', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const exact = values.reduce((sum, value) => sum + value, 0) / values.length / 1000;
      expect(Math.abs((mean(histogramOf(values)) ?? Number.NaN) - exact)).toBeLessThanOrEqual(
        exact * 0.001 + 0.001,
      );
    }),
  );
});
