/** What a lane measures of one scenario, reported once a second. */
import type { ErrorKind } from './contract.ts';
import type { Failure } from './error-kind.ts';
import { type Exchange, NO_STATUS } from './exchange.ts';
import { addFailed, noCounts } from './fates.ts';
import { noneNegotiated } from './negotiated.ts';
import { phases } from './phases.ts';
import type { Report, Row } from './report.ts';
import { addSample } from './totals.ts';
import { drain, newTrends, record, type Trends } from './trends.ts';

const NS_PER_SECOND = 1e9;

/**
 * Two sets of histograms take turns: while one is recorded into, the other, with the second before, is drained
 * step by step. The cut between them is made by the time of an event, not by a timer, so that the figures of a
 * second are of exactly that second.
 */
export class Recorder {
  readonly counts = noCounts();
  readonly negotiated = noneNegotiated();
  readonly #statuses: Record<string, number> = {};
  readonly #errorSamples: { kind: ErrorKind; message: string }[] = [];
  #dataSent = 0;
  #dataReceived = 0;
  #lastEndNs = 0;

  readonly #scenario: string;
  readonly #post: (report: Report) => void;
  #second = 0;
  #rows = new Map<number, Row>();
  #trends: Trends = newTrends();
  #spare: Trends = newTrends();
  #draining: Generator<undefined, Report> | undefined;

  constructor(scenario: string, post: (report: Report) => void) {
    this.#scenario = scenario;
    this.#post = post;
  }

  dropped(intendedNs: number): void {
    this.counts.offered++;
    this.counts.dropped++;
    this.#row(intendedNs).dropped++;
  }

  sent(exchange: Exchange): void {
    this.counts.offered++;
    this.counts.sent++;
    this.#row(exchange.intendedNs).sent++;
    this.#record('send_lag', exchange.sentNs - exchange.intendedNs);
  }

  /** The exchange ended: well, or with the failure. All its times count either way. */
  ended(exchange: Exchange, failure: Failure | undefined): void {
    this.advance(exchange.endNs);
    const row = this.#row(exchange.endNs);
    if (failure === undefined) {
      this.counts.completed++;
      row.completed++;
    } else {
      addFailed(this.counts, failure.kind);
      addFailed(row, failure.kind);
      addSample(this.#errorSamples, failure);
    }
    if (exchange.status !== NO_STATUS) {
      this.#statuses[exchange.status] = (this.#statuses[exchange.status] ?? 0) + 1;
    }
    this.#dataSent += exchange.bytesSent;
    this.#dataReceived += exchange.bytesReceived;
    this.#lastEndNs = exchange.endNs;
    this.#record('response_time', exchange.endNs - exchange.intendedNs);
    this.#record('service_time', exchange.endNs - exchange.sentNs);
    if (!exchange.isLoop) phases(exchange, this.#record);
  }

  unfinished(exchange: Exchange): void {
    this.counts.unfinished++;
    this.#lastEndNs = exchange.endNs;
  }

  /** Begins the report of what was recorded so far where a new second has begun. */
  advance(ns: number): void {
    const second = Math.floor(ns / NS_PER_SECOND);
    if (second <= this.#second) return;
    this.#cut();
    this.#second = second;
  }

  /** Takes one more histogram for the report that was begun, and posts it when done. Returns false if none is. */
  step(): boolean {
    const next = this.#draining?.next();
    if (next === undefined) return false;
    if (next.done) {
      this.#draining = undefined;
      this.#post(next.value);
    }
    return true;
  }

  /** Reports everything, now. */
  flush(): void {
    this.#cut();
    while (this.step());
  }

  #cut(): void {
    while (this.step());
    const trends = this.#trends;
    this.#trends = this.#spare;
    this.#spare = trends;
    const report = {
      scenario: this.#scenario,
      totals: structuredClone({
        counts: this.counts,
        statuses: this.#statuses,
        negotiated: this.negotiated,
        dataSent: this.#dataSent,
        dataReceived: this.#dataReceived,
        errorSamples: this.#errorSamples,
      }),
      rows: [...this.#rows.values()],
      second: this.#second,
      lastEndNs: this.#lastEndNs,
    };
    this.#rows = new Map();
    this.#draining = (function* () {
      return { ...report, trends: yield* drain(trends) };
    })();
  }

  readonly #record = (metric: keyof Trends, ns: number): void => {
    record(this.#trends[metric], ns);
  };

  #row(ns: number): Row {
    const second = Math.floor(ns / NS_PER_SECOND);
    let row = this.#rows.get(second);
    if (row === undefined) {
      row = { second, sent: 0, completed: 0, failed: 0, dropped: 0 };
      this.#rows.set(second, row);
    }
    return row;
  }
}
