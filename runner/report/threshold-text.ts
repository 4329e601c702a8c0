/** What a threshold measured, in words. */
import type { Summary } from '../result/summary-schema.ts';
import { count, ms } from './format.ts';

type Threshold = Summary['thresholds'][number];

/** A figure of the threshold's unit. Ratios keep the digits that an expression such as `rate<0.01` is compared with. */
export function withUnit({ unit }: Pick<Threshold, 'unit'>, value: number): string {
  switch (unit) {
    case 'ms':
      return `${ms(value)} ms`;
    case 'count':
      return count(value);
    case 'per second':
      return `${ms(value)}/s`;
    case 'ratio':
      return value === 0 ? '0' : value.toPrecision(3);
  }
}

/** A moment of a run, as its reports name it. */
export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** The measured figure, or why there is none. */
export function thresholdValue(threshold: Threshold): string {
  const { value, reason, aborted } = threshold;
  if (value === null) return reason ?? 'no samples';
  const then = aborted
    ? `, and ${withUnit(threshold, aborted.value)} when it ended the run at ${seconds(aborted.atMs)}`
    : '';
  return `value ${withUnit(threshold, value)}${then}`;
}
