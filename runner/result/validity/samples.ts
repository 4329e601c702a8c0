/** How many samples a claim about a percentile needs. */

export const CONFIDENCE = 0.99;

/**
 * Samples for "the percentile is at most X" at 99 % confidence where none of them is above X: the smallest n with
 * p^n <= 1 - confidence (exact binomial, no exceedance allowed). 90 for p95, 459 for p99.
 */
export function samplesNeeded(percent: number): number {
  return Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(percent / 100));
}
