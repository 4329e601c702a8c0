import fc from 'fast-check';
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { addTrends, drain, HIGHEST_US, newTrends, record } from '../../../runner/engine/trends.ts';
import { statistics } from '../../../runner/result/statistics.ts';

function drained(trends = newTrends()) {
  const steps = drain(trends);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

test('what is split, taken and added up again is what one histogram would have had', () => {
  const times = fc.array(fc.double({ min: 0, max: 1e13, noNaN: true }), { maxLength: 50 });
  fc.assert(
    fc.property(fc.array(times, { maxLength: 4 }), (parts) => {
      const [sum, whole, part] = [newTrends(), newTrends(), newTrends()];
      for (const ns of parts.flat()) record(whole.response_time, ns);
      for (const times of parts) {
        for (const ns of times) record(part.response_time, ns);
        addTrends(sum, drained(part));
      }
      expect(encodeIntoCompressedBase64(sum.response_time)).toBe(
        encodeIntoCompressedBase64(whole.response_time),
      );
      expect(statistics(sum.response_time)).toEqual(statistics(whole.response_time));
      expect(drained(sum)).toEqual(drained(whole));
    }),
    { numRuns: 20 },
  );
});

test('draining leaves nothing behind', () => {
  const trends = newTrends();
  record(trends.service_time, 5e6);
  expect(drained(trends)).toEqual({ service_time: Uint32Array.of(5000, 1) });
  expect(drained(trends)).toEqual({});
});

test('times are recorded in microseconds, beyond the highest as the highest, and never below 0', () => {
  const { response_time } = newTrends();
  record(response_time, 1_499_600);
  expect(response_time.maxValue).toBe(1500);
  record(response_time, -5);
  record(response_time, Number.MAX_SAFE_INTEGER);
  expect(response_time.totalCount).toBe(3);
  expect(response_time.maxValue).toBe(HIGHEST_US);
});
