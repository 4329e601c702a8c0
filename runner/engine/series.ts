/** A scenario second by second, out of the reports of its workers. */
import type { Histogram } from 'hdr-histogram-js';
import type { ErrorKind, SeriesPoint } from './contract.ts';
import { addRecorded, type Recorded } from './recorded.ts';
import type { Row } from './report.ts';
import { newHistogram, type RecordedTrends } from './trends.ts';

/** What the percentiles of a second are of. */
const TIMES = ['response_time', 'send_lag'] as const;
type Times = Record<(typeof TIMES)[number], Histogram>;
const newTimes = (): Times => ({ response_time: newHistogram(), send_lag: newHistogram() });
const NOTHING: Recorded = new Uint32Array();

/** After so many seconds all workers have reported of one. */
const REPORTED_AFTER = 3;

export class Series {
  readonly points: SeriesPoint[] = [];
  /** Of the last seconds, so that what another worker reports of one can be added. */
  readonly #times = new Map<number, Times>();
  /** Empty, for seconds to come. */
  readonly #spare: Times[] = [];

  addRow({ second, sent, completed, failed, failedByKind = {}, dropped }: Row): void {
    const point = this.#point(second);
    point.sent += sent;
    point.completed += completed;
    point.failed += failed;
    point.dropped += dropped;
    for (const [kind, times] of Object.entries(failedByKind) as [ErrorKind, number][]) {
      point.failedByKind ??= {};
      point.failedByKind[kind] = (point.failedByKind[kind] ?? 0) + times;
    }
  }

  addTimes(second: number, recorded: RecordedTrends): void {
    const times = this.#timesOf(second);
    for (const metric of TIMES) addRecorded(times[metric], recorded[metric] ?? NOTHING);
    const { response_time, send_lag } = times;
    if (response_time.totalCount > 0) {
      const ms = percentiles(response_time);
      Object.assign(this.#point(second), { p50: ms(50), p95: ms(95), p99: ms(99), max: ms(100) });
    }
    if (send_lag.totalCount > 0) {
      const ms = percentiles(send_lag);
      Object.assign(this.#point(second), { sendLagP99: ms(99), sendLagMax: ms(100) });
    }
  }

  #timesOf(second: number): Times {
    const times = this.#times.get(second) ?? this.#spare.pop() ?? newTimes();
    this.#times.set(second, times);
    for (const [old, done] of this.#times) {
      if (old >= second - REPORTED_AFTER) continue;
      this.#times.delete(old);
      for (const metric of TIMES) done[metric].reset();
      this.#spare.push(done);
    }
    return times;
  }

  /** The point of the second; makes those before it too, so that the series has no gaps. */
  #point(second: number): SeriesPoint {
    for (let next = this.points.length; next <= second; next++) {
      const none = {
        sent: 0,
        completed: 0,
        failed: 0,
        dropped: 0,
        p50: null,
        p95: null,
        p99: null,
        max: null,
        sendLagP99: null,
        sendLagMax: null,
      };
      this.points.push({ second: next, ...none });
    }
    return this.points[second] as SeriesPoint;
  }
}

/** Percentile of a histogram of microseconds, in ms. */
const percentiles = (histogram: Histogram) => (percent: number) =>
  histogram.getValueAtPercentile(percent) / 1000;
