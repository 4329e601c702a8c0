/** Percentiles of a second are of what all workers report of it, in whichever order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordedOf } from '../../../runner/engine/recorded.ts';
import { Series } from '../../../runner/engine/series.ts';
import { newHistogram, record } from '../../../runner/engine/trends.ts';

const NS_PER_MS = 1e6;
const times = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 30 });
/** Workers are no more than a second apart. */
const reports = fc.array(fc.record({ late: fc.boolean(), times }), { minLength: 1, maxLength: 20 });

function histogramOf(allMs: number[]) {
  const histogram = newHistogram();
  for (const ms of allMs) record(histogram, ms * NS_PER_MS);
  return histogram;
}

test('several reports of one second', () => {
  fc.assert(
    fc.property(reports, (reports) => {
      const series = new Series();
      const bySecond = new Map<number, number[]>();
      for (const [index, { late, times }] of reports.entries()) {
        const second = Math.max(0, Math.floor(index / 2) - (late ? 1 : 0));
        series.addTimes(second, {
          response_time: recordedOf(histogramOf(times)),
          send_lag: recordedOf(histogramOf(times)),
        });
        bySecond.set(second, [...(bySecond.get(second) ?? []), ...times]);
      }
      for (const [second, all] of bySecond) {
        const whole = histogramOf(all);
        const ms = (percent: number) => whole.getValueAtPercentile(percent) / 1000;
        expect(series.points[second]).toMatchObject({
          ...{ second, p50: ms(50), p95: ms(95), p99: ms(99), max: ms(100) },
          ...{ sendLagP99: ms(99), sendLagMax: ms(100) },
        });
      }
    }),
  );
});
