/** One arrival is one certificate for one site, from the first call until a fresh handshake shows it. */
import type { StageLimits } from '../../plan/loop.ts';
import type { HttpRequest } from '../../scenarios/scenario.ts';
import type { Client } from '../client.ts';
import type { Clock } from '../clock.ts';
import type { Site } from '../contract.ts';
import type { Failure } from '../error-kind.ts';
import { Exchange } from '../exchange.ts';
import { type Answer, type Begin, type Beginning, type Begun, Refused } from './begin.ts';
import type { LoopRecord } from './record.ts';
import type { SitePool } from './site-pool.ts';
import { dead, type LoopRow, mayBeServed, stoppedAt } from './stage.ts';
import { StageWatch } from './stage-watch.ts';
import type { Watcher } from './watcher.ts';

/** Time from the start of a probe to that of the next, ms, where a handshake takes less. */
const PROBE_EVERY_MS = 20;
/** What a scenario takes for a good end. */
const SERVED = 200;

/** A loop in flight. */
interface Loop {
  site: Site;
  beginning: Beginning;
  exchange: Exchange;
  watch: StageWatch;
  /** Certctl has begun nothing, and will not. */
  isRefused: boolean;
  begun?: Begun;
  row?: LoopRow;
  probes: number;
  probing: boolean;
  /** When it was last known that the site does not show what is issued, and from then until a probe showed it; ns. */
  notShownNs: number;
  resolutionNs?: number;
  /** Fingerprints that the site showed: before the loop, and last. */
  before?: string | undefined;
  last?: string | undefined;
}

export interface LoopClientOptions {
  scenario: string;
  /** Name of the target. */
  name: string;
  /** Fingerprint of the certificate that is shown for a name; undefined where none is. */
  look: (servername: string) => Promise<string | undefined>;
  pool: SitePool;
  begin: Begin;
  /** Sends the calls. */
  api: Client;
  watcher: Pick<Watcher, 'add' | 'remove' | 'problem'>;
  clock: Clock;
  /** How long a loop may stand in each stage, and from its send to its end, ms. */
  limits: StageLimits;
  deadlineMs: number;
  record: (record: LoopRecord) => void;
  /** Closes what is shared with other clients. */
  close: () => void;
}

export class LoopClient implements Client {
  readonly #options: LoopClientOptions;
  readonly #inFlight = new Set<Loop>();

  constructor(options: LoopClientOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#options.pool.isEmpty;
  }

  send(request: HttpRequest, exchange: Exchange): void {
    const site = this.#options.pool.take();
    if (site === undefined) throw new Error('a loop was sent without a free site');
    const watch = new StageWatch(this.#options.limits, exchange.sentNs);
    const beginning = this.#options.begin(site);
    const loop: Loop = {
      ...{ site, beginning, exchange, watch, isRefused: false },
      ...{ probes: 0, probing: false, notShownNs: exchange.sentNs },
    };
    this.#inFlight.add(loop);
    exchange.isLoop = true;
    exchange.late = () => this.#stopped(loop, `the deadline of a loop is ${this.#options.deadlineMs} ms`);
    exchange.atEnd = () => this.#ended(loop);
    void this.#lookBefore(loop);
    void this.#begin(loop, request);
  }

  expire(nowNs: number): void {
    for (const loop of this.#inFlight) {
      const limitMs = loop.watch.overdue(nowNs);
      if (limitMs === undefined) continue;
      loop.exchange.failedAs(this.#stopped(loop, `deadlines.${loop.watch.stage} is ${limitMs} ms`));
      loop.exchange.abort();
    }
  }

  close(): void {
    this.#options.api.close();
    this.#options.close();
  }

  /** So that another certificate than the issued one is told from the one of before. */
  async #lookBefore(loop: Loop): Promise<void> {
    loop.before = await this.#look(loop);
  }

  async #begin(loop: Loop, renewal: HttpRequest): Promise<void> {
    const { beginning, exchange, watch } = loop;
    try {
      const begun = await beginning.begin((request) => this.#call(loop, request), renewal);
      if (exchange.ended) return;
      loop.begun = begun;
      watch.accepted(begun.renewedNs);
      this.#options.watcher.add(begun.renewal, (row, ageMs) => this.#progress(loop, row, ageMs));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      loop.isRefused = true;
      exchange.failedAs({ kind: 'not_accepted', message: error.message });
    }
  }

  #call({ exchange }: Loop, request: HttpRequest): Promise<Answer> {
    const { api, clock } = this.#options;
    return new Promise((resolve) => {
      if (exchange.ended) return;
      const call = new Exchange(exchange.intendedNs, clock, (ended) => {
        exchange.bytesSent += ended.bytesSent;
        exchange.bytesReceived += ended.bytesReceived;
        const { failure, status, endNs } = ended;
        // At once: whoever waited for the connection has it next.
        resolve({ failure, status, endNs, body: ended.readBody() });
      });
      exchange.abort = () => call.abandon();
      api.send(request, call);
    });
  }

  #progress(loop: Loop, row: LoopRow, ageMs: number): void {
    if (loop.exchange.ended) return;
    const nowNs = this.#options.clock();
    loop.row = row;
    loop.watch.seen(row, nowNs);
    const failure = dead(row);
    if (failure !== undefined) loop.exchange.failedAs(failure);
    else if (loop.probing) return;
    else if (mayBeServed(row)) void this.#probe(loop);
    else loop.notShownNs = nowNs - ageMs * 1e6;
  }

  async #probe(loop: Loop): Promise<void> {
    loop.probing = true;
    while (!loop.exchange.ended) {
      const startNs = this.#options.clock();
      const next = performance.now() + PROBE_EVERY_MS;
      loop.last = await this.#look(loop);
      if (loop.exchange.ended) return;
      if (loop.last !== undefined && loop.last === loop.row?.fingerprint) {
        loop.resolutionNs = startNs - loop.notShownNs;
        loop.exchange.status = SERVED;
        loop.exchange.answered();
        return;
      }
      if (loop.last !== undefined) loop.notShownNs = startNs;
      await until(next);
    }
  }

  /** @param limit which deadline has come */
  #stopped({ watch, row, before, last }: Loop, limit: string): Failure {
    const { kind, message } = stoppedAt(watch.stage, row, { before, last });
    const { problem } = this.#options.watcher;
    const blind = problem === undefined ? '' : `; the database does not answer: ${problem}`;
    return { kind, message: `${message}; ${limit}${blind}` };
  }

  #look(loop: Loop): Promise<string | undefined> {
    loop.probes += 1;
    return this.#options.look(loop.site.servername);
  }

  #ended(loop: Loop): void {
    const { site, beginning, exchange, begun, row } = loop;
    const { scenario, name, pool, watcher, record } = this.#options;
    const { certificate } = beginning;
    this.#inFlight.delete(loop);
    if (begun !== undefined) watcher.remove(begun.renewal);
    if (failureOf(exchange) === null || loop.isRefused) pool.give(site);
    record({
      ...{ scenario, target: name, servername: site.servername, certificate },
      ...{ renewal: begun?.renewal ?? null, deployment: row?.deployment ?? null },
      ...{ issued: row?.fingerprint ?? null, intendedNs: exchange.intendedNs, sentNs: exchange.sentNs },
      ...{ createdNs: begun?.createdNs ?? null, boundNs: begun?.boundNs ?? null },
      ...{ renewedNs: begun?.renewedNs ?? null, endNs: exchange.endNs },
      ...{ failure: failureOf(exchange), probes: loop.probes },
      resolutionNs: loop.resolutionNs ?? null,
    });
  }
}

/** `unfinished`: neither served nor failed when the run was over. */
const failureOf = ({ failure, status }: Exchange) =>
  failure?.kind ?? (status === SERVED ? null : 'unfinished');

/** By `performance.now()`, and never before: a timer leaves out the millisecond that is begun, and may come early. */
async function until(dueMs: number): Promise<void> {
  for (;;) {
    const leftMs = dueMs - performance.now();
    if (leftMs <= 0) return;
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(leftMs)));
  }
}
