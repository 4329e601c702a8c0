import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { newTrends, record } from '../../../runner/engine/trends.ts';
import { parse, stringify } from '../../../runner/generator/json.ts';

it('histograms come through with every value, and all else as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30_000_000)), fc.json(), (times, other) => {
      const trends = newTrends();
      for (const us of times) record(trends.response_time, us * 1000);
      const through = parse<{ trends: typeof trends; other: unknown }>(
        stringify({ trends, other: JSON.parse(other) }),
      );
      const { response_time } = through.trends;
      expect(response_time.totalCount).toBe(times.length);
      for (const percent of [0, 50, 99, 100])
        expect(response_time.getValueAtPercentile(percent)).toBe(
          trends.response_time.getValueAtPercentile(percent),
        );
      expect(through.other).toEqual(JSON.parse(other));
    }),
    { numRuns: 30 },
  );
});

it('is one line', () => {
  expect(stringify({ text: 'two\nlines', trends: newTrends() })).not.toContain('\n');
});
