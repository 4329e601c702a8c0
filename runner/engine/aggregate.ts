/** The parent's account of one scenario: its lane's reports, added up. */
import type { Histogram } from 'hdr-histogram-js';
import { Arrivals, dueBy } from '../plan/arrivals.ts';
import type { PlannedScenario } from '../plan/plan.ts';
import type { ErrorKind, ScenarioProgress, ScenarioResult, SeriesPoint } from './contract.ts';
import { addFailed, inFlight, noCounts } from './fates.ts';
import { noneNegotiated } from './negotiated.ts';
import type { Report, Row, Totals } from './report.ts';
import { addEncoded, newTrends, record } from './trends.ts';

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

export class Aggregate {
  readonly #planned: PlannedScenario;
  readonly #trends = newTrends();
  readonly #series: SeriesPoint[] = [];
  #totals: Totals = {
    counts: noCounts(),
    statuses: {},
    negotiated: noneNegotiated(),
    dataSent: 0,
    dataReceived: 0,
    errorSamples: [],
  };
  /** When the last request ended, ns since time zero. */
  lastEndNs = 0;

  get name(): string {
    return this.#planned.name;
  }

  constructor(planned: PlannedScenario) {
    this.#planned = planned;
  }

  add({ totals, rows, trends, second, lastEndNs }: Report): void {
    this.#totals = totals;
    this.lastEndNs = lastEndNs;
    for (const row of rows) this.#addRow(row);
    const { response_time, send_lag } = addEncoded(this.#trends, trends);
    if (response_time !== undefined) {
      const ms = percentiles(response_time);
      Object.assign(this.#point(second), { p50: ms(50), p95: ms(95), p99: ms(99), max: ms(100) });
    }
    if (send_lag !== undefined) {
      const ms = percentiles(send_lag);
      Object.assign(this.#point(second), { sendLagP99: ms(99), sendLagMax: ms(100) });
    }
  }

  /**
   * Accounts for what the lane's thread took with it when it died. What was due by then (or by `untilNs`, where the
   * run was interrupted before) and not reported as ended has failed: in flight, or ended with its times lost. It
   * counts with its deadline as its time, which is the longest that it can have taken. What was due later is dropped.
   * To be called once, when the run is over.
   */
  laneDied(diedNs: number, untilNs: number, reason: string): void {
    const { counts, errorSamples } = this.#totals;
    const settled = counts.completed + counts.failed + counts.unfinished + counts.dropped;
    const due = Math.max(counts.offered, dueBy(this.#planned, Math.min(diedNs, untilNs)));
    const lost = due - settled;
    if (lost > 0) {
      addFailed(counts, 'worker_died', lost);
      const deadlineNs = this.#planned.deadlineMs * NS_PER_MS;
      record(this.#trends.response_time, deadlineNs, lost);
      record(this.#trends.service_time, deadlineNs, lost);
    }
    const sent = counts.completed + counts.failed + counts.unfinished;
    const second = Math.max(0, Math.floor(diedNs / NS_PER_SECOND));
    this.#addRow({
      second,
      sent: sent - counts.sent,
      completed: 0,
      failed: lost,
      ...(lost > 0 && { failedByKind: { worker_died: lost } }),
      dropped: 0,
    });
    counts.sent = sent;
    counts.offered = due;
    this.#dropUntil(untilNs);
    errorSamples.unshift({ kind: 'worker_died', message: reason });
    this.lastEndNs = Math.max(this.lastEndNs, diedNs);
  }

  /** Drops every arrival that is due by then and not yet offered, each in its second. */
  #dropUntil(untilNs: number): void {
    const { counts } = this.#totals;
    const arrivals = new Arrivals(this.#planned);
    for (; arrivals.dueNs <= untilNs && arrivals.dueNs < Infinity; arrivals.advance()) {
      if (arrivals.index < counts.offered) continue;
      const second = Math.floor(arrivals.dueNs / NS_PER_SECOND);
      this.#addRow({ second, sent: 0, completed: 0, failed: 0, dropped: 1 });
      counts.dropped++;
      counts.offered++;
    }
  }

  result(): ScenarioResult {
    return { name: this.name, ...this.#totals, trends: this.#trends, series: this.#series };
  }

  /** As of the second before the one that `nowNs` is in. */
  progress(nowNs: number): ScenarioProgress {
    const { response_time } = this.#trends;
    const ms = (percent: number) =>
      response_time.totalCount === 0 ? null : response_time.getValueAtPercentile(percent) / 1000;
    return {
      name: this.name,
      counts: this.#totals.counts,
      inFlight: inFlight(this.#totals.counts),
      rate: this.#series[Math.floor(nowNs / NS_PER_SECOND) - 1]?.sent ?? 0,
      p50: ms(50),
      p95: ms(95),
      p99: ms(99),
    };
  }

  #addRow({ second, sent, completed, failed, failedByKind = {}, dropped }: Row): void {
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

  /** The point of the second; makes those before it too, so that the series has no gaps. */
  #point(second: number): SeriesPoint {
    for (let next = this.#series.length; next <= second; next++) {
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
      this.#series.push({ second: next, ...none });
    }
    return this.#series[second] as SeriesPoint;
  }
}

/** Percentile of a histogram of microseconds, in ms. */
const percentiles = (histogram: Histogram) => (percent: number) =>
  histogram.getValueAtPercentile(percent) / 1000;
