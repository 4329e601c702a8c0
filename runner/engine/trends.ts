/** The histograms of a scenario: HDR, integer microseconds, three significant digits. */
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';
import { TREND_METRICS, type TrendMetric } from './contract.ts';

/**
 * Half an hour: far above any deadline, and below 2^31, up to where the library's arithmetic is fast. A longer time is
 * recorded as this: a maximum of exactly this says "or more".
 */
export const HIGHEST_US = 1_800_000_000;

export type Trends = Record<TrendMetric, Histogram>;

export function newTrends(): Trends {
  return byMetric(newHistogram);
}

/** Of times up to half an hour, in integer microseconds, to three significant digits. */
export function newHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
  });
}

/** Records a time given in ns, `count` times. */
export function record(histogram: Histogram, ns: number, count = 1): void {
  const us = Math.round(ns / 1000);
  histogram.recordValueWithCount(Math.min(Math.max(us, 0), HIGHEST_US), count);
}

/** HDR V2, compressed, base64: lossless, and what other tools read. Absent where nothing was recorded. */
export type EncodedTrends = Partial<Record<TrendMetric, string>>;

/**
 * Encodes the histograms and empties them. Yields after each one: an encoding takes about 0.1 ms, and twenty at
 * once would delay the sends of a lane.
 */
export function* drain(trends: Trends): Generator<undefined, EncodedTrends> {
  const encoded: EncodedTrends = {};
  for (const metric of TREND_METRICS) {
    if (trends[metric].totalCount === 0) continue;
    encoded[metric] = encodeIntoCompressedBase64(trends[metric]);
    trends[metric].reset();
    yield;
  }
  return encoded;
}

/** Adds encoded histograms to `sum`; returns the decoded ones. */
export function addEncoded(sum: Trends, encoded: EncodedTrends): Partial<Trends> {
  const decoded: Partial<Trends> = {};
  for (const metric of TREND_METRICS) {
    const text = encoded[metric];
    if (text === undefined) continue;
    const histogram = decodeFromCompressedBase64(text, 32);
    sum[metric].add(histogram);
    decoded[metric] = histogram;
  }
  return decoded;
}

function byMetric(make: () => Histogram): Trends {
  return Object.fromEntries(TREND_METRICS.map((metric) => [metric, make()])) as Trends;
}
