import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TREND_METRICS } from '../../../runner/engine/contract.ts';
import { parseMetric, parseThreshold, ThresholdSyntaxError } from '../../../runner/profiles/threshold.ts';

const space = fc.constantFrom('', ' ', '  ');
const operator = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
const limit = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((thousandths) => thousandths / 1000);
const aggregation = fc.oneof(
  fc.constantFrom('avg' as const, 'min' as const, 'max' as const, 'med' as const),
  fc.integer({ min: 0, max: 1000 }).map((tenths) => ({ percentile: tenths / 10 })),
);

test('every expression that the grammar makes is read as it was made', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TREND_METRICS),
      aggregation,
      operator,
      limit,
      space,
      (metric, how, sign, to, gap) => {
        const name = typeof how === 'object' ? `p(${how.percentile})` : how;
        expect(
          parseThreshold(`${metric}{scenario:a_b}`, `${gap}${name}${gap}${sign}${gap}${to}${gap}`),
        ).toEqual({
          selector: { tag: 'scenario', value: 'a_b' },
          measure: { type: 'trend', metric, aggregation: how },
          operator: sign,
          limit: to,
        });
      },
    ),
  );
});

test('any other text is refused with a ThresholdSyntaxError, never with another error', () => {
  const noise = fc.string({ unit: fc.constantFrom(...'p()<>=!95.avgcountrate {}:-x') });
  fc.assert(
    fc.property(noise, noise, (metric, expression) => {
      try {
        parseThreshold(metric, expression);
        expect.unreachable('noise has no known metric in it');
      } catch (error) {
        expect(error).toBeInstanceOf(ThresholdSyntaxError);
      }
    }),
  );
});

test.each([
  'p(95)',
  'p(95)<',
  '<5',
  'p(95)<<5',
  'p(95)=5',
  'p(95)===5',
  'p(95)<5ms',
  'p(95)<5 || avg<3',
  'p95<5',
  'p()<5',
  'p(100.1)<5',
  'p(-1)<5',
  'count<5',
  'rate<5',
  'value<5',
])('a trend refuses %s', (expression) => {
  expect(() => parseThreshold('response_time', expression)).toThrow(ThresholdSyntaxError);
});

test.each([
  ['iterations', 'count>=1', 'counter'],
  ['dropped_iterations', 'rate<0.5', 'counter'],
  ['error_rate', 'rate<0.01', 'rate'],
  ['http_req_failed{target_type:f5}', 'rate<0.01', 'rate'],
])('%s accepts %s', (metric, expression, type) => {
  expect(parseThreshold(metric, expression).measure.type).toBe(type);
});

test.each([
  ['iterations', 'p(95)<1', /counter; allowed: count, rate/],
  ['error_rate', 'count<1', /rate; allowed: rate/],
  ['error_rate', 'p(95)<1', /rate; allowed: rate/],
  ['response_time', 'count<1', /trend; allowed: p\(N\), avg, min, max, med/],
])('%s refuses %s and says what it allows', (metric, expression, message) => {
  expect(() => parseThreshold(metric, expression)).toThrow(message);
});

test.each([
  ['nonsense', /unknown metric "nonsense"; known: error_rate, .*response_time/],
  ['response_time{method:GET}', /unknown tag "method"; known: scenario, target_type/],
  ['response_time{scenario:}', /is not a metric/],
  ['response_time{scenario:a,target_type:b}', /is not a metric/],
  ['', /is not a metric/],
])('the metric "%s" is refused', (metric, message) => {
  expect(() => parseMetric(metric)).toThrow(message);
});
