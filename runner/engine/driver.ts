/** Sends the arrivals of one scenario and sees each to its end. */
import type { PlannedScenario } from '../plan/plan.ts';
import type { Arrival, Scenario } from '../scenarios/scenario.ts';
import type { Client } from './client.ts';
import type { Clock } from './clock.ts';
import { statusFailure } from './error-kind.ts';
import { Exchange } from './exchange.ts';
import type { Recorder } from './recorder.ts';

const NS_PER_MS = 1e6;

/** What every arrival of a run has in common. */
export type RunFacts = Pick<Arrival, 'runId' | 'runStartMs'>;

/**
 * Knows no timers and no threads: it is told of each arrival that is due, and `expire` is called now and then
 * with the time. So its accounts can be tested with a virtual clock.
 */
export class Driver {
  readonly #planned: PlannedScenario;
  readonly #scenario: Scenario;
  readonly #client: Client;
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #run: RunFacts;
  /** In the order of their sends, and so of their deadlines. */
  readonly #inFlight = new Set<Exchange>();
  readonly #deadlineNs: number;
  /** When what is still in flight is given up. */
  #stopNs: number;
  /** Called after each end of a request. */
  onFree: () => void = () => {};

  constructor(
    planned: PlannedScenario,
    scenario: Scenario,
    client: Client,
    recorder: Recorder,
    clock: Clock,
    run: RunFacts,
  ) {
    this.#planned = planned;
    this.#scenario = scenario;
    this.#client = client;
    this.#recorder = recorder;
    this.#clock = clock;
    this.#run = run;
    this.#deadlineNs = planned.deadlineMs * NS_PER_MS;
    this.#stopNs = planned.endNs + planned.gracefulStopMs * NS_PER_MS;
  }

  get idle(): boolean {
    return this.#inFlight.size === 0;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** The client can send nothing more for now. */
  get isBusy(): boolean {
    return this.#client.isBusy ?? false;
  }

  /** Sends the arrival that is due, or drops it where `maxVUs` are in flight or the client can send nothing. */
  release(index: number, intendedNs: number): void {
    if (this.#inFlight.size >= this.#planned.maxVUs || this.isBusy) {
      this.#recorder.dropped(intendedNs);
      return;
    }
    const arrival = { ...this.#run, scenario: this.#planned.name, index };
    const request = this.#scenario.request(arrival);
    const exchange = new Exchange(intendedNs, this.#clock, (ended) => this.#ended(ended, arrival));
    this.#inFlight.add(exchange);
    this.#recorder.sent(exchange);
    this.#client.send(request, exchange);
  }

  /** Ends what is past its deadline, and everything once gracefulStop is over. */
  expire(nowNs: number): void {
    for (const exchange of this.#inFlight) {
      if (exchange.sentNs + this.#deadlineNs > nowNs) break;
      exchange.timedOut(this.#planned.deadlineMs);
    }
    this.#client.expire?.(nowNs);
    if (nowNs >= this.#stopNs) this.#abandon();
  }

  /** Gives what is in flight no more than the grace, and no more than gracefulStop, from now. */
  stop(nowNs: number, graceMs: number): void {
    const leftMs = Math.min(graceMs, this.#planned.gracefulStopMs);
    this.#stopNs = Math.min(this.#stopNs, nowNs + leftMs * NS_PER_MS);
  }

  #abandon(): void {
    for (const exchange of this.#inFlight) {
      exchange.abandon();
      this.#recorder.unfinished(exchange);
    }
    this.#inFlight.clear();
  }

  #ended(exchange: Exchange, arrival: Arrival): void {
    this.#inFlight.delete(exchange);
    this.#recorder.ended(exchange, exchange.failure ?? this.#wrong(exchange, arrival));
    this.onFree();
  }

  #wrong(exchange: Exchange, arrival: Arrival) {
    const failure = statusFailure(exchange.status, this.#scenario.status);
    if (failure !== undefined) return failure;
    const message = this.#scenario.problem(exchange.readBody(), arrival);
    return message === undefined ? undefined : { kind: 'bad_body' as const, message };
  }
}
