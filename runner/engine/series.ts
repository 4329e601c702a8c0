/** A scenario second by second, out of the reports of its workers. */
import type { Histogram } from 'hdr-histogram-js';
import type { ErrorKind, SeriesPoint } from './contract.ts';
import type { Row } from './report.ts';

/** What the percentiles of a second are of. */
export type SecondTimes = Partial<Record<'response_time' | 'send_lag', Histogram>>;

/** After so many seconds all workers have reported of one. */
const REPORTED_AFTER = 3;

export class Series {
  readonly points: SeriesPoint[] = [];
  /** Of the last seconds, so that what another worker reports of one can be added. */
  readonly #times = new Map<number, SecondTimes>();

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

  /** Takes the histograms for its own. */
  addTimes(second: number, times: SecondTimes): void {
    const { response_time, send_lag } = this.#merged(second, times);
    if (response_time !== undefined) {
      const ms = percentiles(response_time);
      Object.assign(this.#point(second), { p50: ms(50), p95: ms(95), p99: ms(99), max: ms(100) });
    }
    if (send_lag !== undefined) {
      const ms = percentiles(send_lag);
      Object.assign(this.#point(second), { sendLagP99: ms(99), sendLagMax: ms(100) });
    }
  }

  #merged(second: number, times: SecondTimes): SecondTimes {
    const known = this.#times.get(second) ?? {};
    for (const metric of ['response_time', 'send_lag'] as const) {
      const part = times[metric];
      if (part === undefined) continue;
      if (known[metric] === undefined) known[metric] = part;
      else known[metric].add(part);
    }
    this.#times.set(second, known);
    for (const old of this.#times.keys()) if (old < second - REPORTED_AFTER) this.#times.delete(old);
    return known;
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
