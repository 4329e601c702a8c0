/** What a percentile of a finite number of samples may claim: exact binomial bounds, without assumptions on shape. */

export const CONFIDENCE = 0.99;

/**
 * How many of n samples may exceed X so that "the percentile is at most X" still holds at the confidence: the greatest
 * k with P(Binomial(n, 1 - percent/100) <= k) <= 1 - confidence. Null where even none is too many: n is too small.
 * (MLPerf LoadGen's early stopping; the order-statistic bound of a quantile.)
 */
export function allowedExceedances(n: number, percent: number, confidence = CONFIDENCE): number | null {
  const above = 1 - percent / 100;
  if (n === 0) return null;
  const odds = Math.log(above) - Math.log1p(-above);
  let logTerm = n * Math.log1p(-above);
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += Math.exp(logTerm);
    if (sum > 1 - confidence) return k === 0 ? null : k - 1;
    logTerm += Math.log(n - k) - Math.log(k + 1) + odds;
  }
  return n - 1;
}

/** The fewest samples with which anything can be said of the percentile: 90 for p95, 459 for p99, at 99 %. */
export function samplesNeeded(percent: number, confidence = CONFIDENCE): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(percent / 100));
}

/** The highest percentile that n samples can say anything of, 0 to 100. */
export function highestClaimable(n: number, confidence = CONFIDENCE): number {
  return n === 0 ? 0 : 100 * (1 - confidence) ** (1 / n);
}
