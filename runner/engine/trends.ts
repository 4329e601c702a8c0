/** The histograms of a scenario: HDR, integer microseconds, three significant digits. */
import { type Histogram, Int32Histogram, type JsHistogram } from 'hdr-histogram-js';
import { TREND_METRICS, type TrendMetric } from './contract.ts';
import { addRecorded, type Recorded, recordedOf } from './recorded.ts';

/**
 * Half an hour: far above any deadline, and below 2^31, up to where the library's arithmetic is fast. A longer time is
 * recorded as this: a maximum of exactly this says "or more".
 */
export const HIGHEST_US = 1_800_000_000;

export type Trends = Record<TrendMetric, JsHistogram>;

export function newTrends(): Trends {
  return byMetric(newHistogram);
}

/** Of times up to half an hour, in integer microseconds, to three significant digits. */
export function newHistogram(): JsHistogram {
  return new Int32Histogram(1, HIGHEST_US, 3);
}

/** Records a time given in ns, `count` times. */
export function record(histogram: Histogram, ns: number, count = 1): void {
  const us = Math.round(ns / 1000);
  histogram.recordValueWithCount(Math.min(Math.max(us, 0), HIGHEST_US), count);
}

/** Absent where nothing was recorded. */
export type RecordedTrends = Partial<Record<TrendMetric, Recorded>>;

/**
 * Takes what the histograms hold, and empties them. Yields after each one, so that twenty at once do not delay the sends
 * of a lane.
 */
export function* drain(trends: Trends): Generator<undefined, RecordedTrends> {
  const recorded: RecordedTrends = {};
  for (const metric of TREND_METRICS) {
    if (trends[metric].totalCount === 0) continue;
    recorded[metric] = recordedOf(trends[metric]);
    trends[metric].reset();
    yield;
  }
  return recorded;
}

/** Adds what was taken from others. */
export function addTrends(sum: Trends, recorded: RecordedTrends): void {
  for (const metric of TREND_METRICS) {
    const values = recorded[metric];
    if (values !== undefined) addRecorded(sum[metric], values);
  }
}

function byMetric(make: () => JsHistogram): Trends {
  return Object.fromEntries(TREND_METRICS.map((metric) => [metric, make()])) as Trends;
}
