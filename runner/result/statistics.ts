/** From histograms in integer microseconds to the figures of the reports in milliseconds. */
import { build, type Histogram } from 'hdr-histogram-js';

/** All but `samples` in ms; null where there are no samples, because a percentile of nothing is not 0. */
export interface Statistics {
  samples: number;
  avg: number | null;
  min: number | null;
  med: number | null;
  max: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
}

/**
 * Percentile of a histogram in ms: the smallest recorded value that N % of the samples do not exceed, as
 * HdrHistogram gives it (the upper end of its bucket, at most 0.1 % above the truth). Null without samples.
 */
export function percentile(histogram: Histogram, percent: number): number | null {
  return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percent) / 1000;
}

/** Arithmetic mean of a histogram in ms, to the microsecond; null without samples. */
export function mean(histogram: Histogram): number | null {
  return histogram.totalCount === 0 ? null : Math.round(histogram.mean) / 1000;
}

/**
 * The figures of one histogram. `min` and `max` are percentiles 0 and 100: the ends of their buckets, so that
 * no percentile is beyond them and the figures can be computed again from the encoded histogram.
 */
export function statistics(histogram: Histogram): Statistics {
  const p50 = percentile(histogram, 50);
  return {
    samples: histogram.totalCount,
    avg: mean(histogram),
    min: percentile(histogram, 0),
    med: p50,
    max: percentile(histogram, 100),
    p50,
    p90: percentile(histogram, 90),
    p95: percentile(histogram, 95),
    p99: percentile(histogram, 99),
    p999: percentile(histogram, 99.9),
  };
}

/** A new histogram with the samples of all: lossless where they have the same number of significant digits. */
export function merged(histograms: Histogram[]): Histogram {
  const digits = Math.max(3, ...histograms.map((one) => one.numberOfSignificantValueDigits)) as 3 | 4 | 5;
  const sum = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: digits });
  for (const histogram of histograms) sum.add(histogram);
  return sum;
}
