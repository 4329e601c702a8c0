/** The parent's account of one scenario: the reports of its workers, added up. */
import { Arrivals, dueBy } from '../plan/arrivals.ts';
import type { PlannedScenario } from '../plan/plan.ts';
import { sharesOf } from '../plan/share.ts';
import type { ScenarioProgress, ScenarioResult } from './contract.ts';
import { addFailed, inFlight } from './fates.ts';
import type { Report } from './report.ts';
import { Series } from './series.ts';
import { noTotals, sumOf, type Totals } from './totals.ts';
import { addTrends, newTrends, record } from './trends.ts';

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

export class Aggregate {
  readonly name: string;
  /** By worker: what it was to send, and what it said last. */
  readonly #shares: { planned: PlannedScenario; totals: Totals }[];
  readonly #trends = newTrends();
  readonly #series = new Series();
  /** When the last request ended, ns since time zero. */
  lastEndNs = 0;

  constructor(planned: PlannedScenario, workers = 1) {
    this.name = planned.name;
    this.#shares = sharesOf(planned, workers).map((share) => ({ planned: share, totals: noTotals() }));
  }

  add({ totals, rows, trends, second, lastEndNs }: Report, worker = 0): void {
    this.#share(worker).totals = totals;
    this.lastEndNs = Math.max(this.lastEndNs, lastEndNs);
    for (const row of rows) this.#series.addRow(row);
    addTrends(this.#trends, trends);
    this.#series.addTimes(second, trends);
  }

  /**
   * Accounts for what the worker's thread took with it when it died. What was due by then (or by `untilNs`, where the
   * run was interrupted before) and not reported as ended has failed: in flight, or ended with its times lost. It
   * counts with its deadline as its time, which is the longest that it can have taken. What was due later is dropped.
   * To be called once, when the run is over.
   */
  laneDied(diedNs: number, untilNs: number, reason: string, worker = 0): void {
    const { planned, totals } = this.#share(worker);
    const { counts, errorSamples } = totals;
    const settled = counts.completed + counts.failed + counts.unfinished + counts.dropped;
    const due = Math.max(counts.offered, dueBy(planned, Math.min(diedNs, untilNs)));
    const lost = due - settled;
    if (lost > 0) {
      addFailed(counts, 'worker_died', lost);
      const deadlineNs = planned.deadlineMs * NS_PER_MS;
      record(this.#trends.response_time, deadlineNs, lost);
      record(this.#trends.service_time, deadlineNs, lost);
    }
    const sent = counts.completed + counts.failed + counts.unfinished;
    const second = Math.max(0, Math.floor(diedNs / NS_PER_SECOND));
    this.#series.addRow({
      second,
      sent: sent - counts.sent,
      completed: 0,
      failed: lost,
      ...(lost > 0 && { failedByKind: { worker_died: lost } }),
      dropped: 0,
    });
    counts.sent = sent;
    counts.offered = due;
    this.#dropUntil(untilNs, planned, totals);
    errorSamples.unshift({ kind: 'worker_died', message: reason });
    this.lastEndNs = Math.max(this.lastEndNs, diedNs);
  }

  /** Drops every arrival that is due by then and not yet offered, each in its second. */
  #dropUntil(untilNs: number, planned: PlannedScenario, { counts }: Totals): void {
    const arrivals = new Arrivals(planned);
    for (; arrivals.dueNs <= untilNs && arrivals.dueNs < Infinity; arrivals.advance()) {
      if (arrivals.passed < counts.offered) continue;
      const second = Math.floor(arrivals.dueNs / NS_PER_SECOND);
      this.#series.addRow({ second, sent: 0, completed: 0, failed: 0, dropped: 1 });
      counts.dropped++;
      counts.offered++;
    }
  }

  result(): ScenarioResult {
    return { name: this.name, ...this.#totals(), trends: this.#trends, series: this.#series.points };
  }

  /** As of the second before the one that `nowNs` is in. */
  progress(nowNs: number): ScenarioProgress {
    const { response_time } = this.#trends;
    const { counts } = this.#totals();
    const ms = (percent: number) =>
      response_time.totalCount === 0 ? null : response_time.getValueAtPercentile(percent) / 1000;
    return {
      name: this.name,
      counts,
      inFlight: inFlight(counts),
      rate: this.#series.points[Math.floor(nowNs / NS_PER_SECOND) - 1]?.sent ?? 0,
      p50: ms(50),
      p95: ms(95),
      p99: ms(99),
    };
  }

  #totals(): Totals {
    return sumOf(this.#shares.map(({ totals }) => totals));
  }

  #share(worker: number) {
    const share = this.#shares[worker];
    if (share === undefined) throw new RangeError(`${this.name} has no worker ${worker}`);
    return share;
  }
}
