/** One arrival is one renewal of one certificate, from the call until a fresh handshake shows the new one. */
import type { StageLimits } from '../../plan/loop.ts';
import { parseObject } from '../../scenarios/json.ts';
import type { HttpRequest } from '../../scenarios/scenario.ts';
import type { Client } from '../client.ts';
import type { Clock } from '../clock.ts';
import type { Site } from '../contract.ts';
import type { Failure } from '../error-kind.ts';
import { Exchange } from '../exchange.ts';
import type { LoopRecord } from './record.ts';
import type { SitePool } from './site-pool.ts';
import { dead, type LoopRow, mayBeServed, stoppedAt } from './stage.ts';
import { StageWatch } from './stage-watch.ts';
import type { Watcher } from './watcher.ts';

/** Time from the start of a probe to that of the next, ms: the resolution of "served". */
const PROBE_EVERY_MS = 20;
/** What a scenario takes for a good end. */
const SERVED = 200;

/** A loop in flight. */
interface Loop {
  site: Site;
  exchange: Exchange;
  watch: StageWatch;
  /** Certctl has begun nothing, and will not. */
  isRefused: boolean;
  renewal?: string;
  renewedNs?: number;
  row?: LoopRow;
  probes: number;
  probing: boolean;
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
  /** Sends the renewals. */
  api: Client;
  watcher: Pick<Watcher, 'add' | 'remove' | 'close' | 'problem'>;
  clock: Clock;
  /** How long a loop may stand in each stage, and from its send to its end, ms. */
  limits: StageLimits;
  deadlineMs: number;
  record: (record: LoopRecord) => void;
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
    const loop: Loop = { site, exchange, watch, isRefused: false, probes: 0, probing: false };
    this.#inFlight.add(loop);
    exchange.isLoop = true;
    exchange.late = () => this.#stopped(loop, `the deadline of a loop is ${this.#options.deadlineMs} ms`);
    exchange.atEnd = () => this.#ended(loop);
    void this.#lookBefore(loop);
    this.#renew(request, loop);
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
    this.#options.watcher.close().catch(() => {});
  }

  /** So that another certificate than the issued one is told from the one of before. */
  async #lookBefore(loop: Loop): Promise<void> {
    loop.before = await this.#look(loop);
  }

  #renew(request: HttpRequest, loop: Loop): void {
    const { api, clock } = this.#options;
    const { certificate } = loop.site;
    const call = new Exchange(loop.exchange.intendedNs, clock, (ended) => this.#answered(ended, loop));
    loop.exchange.abort = () => call.abandon();
    api.send({ ...request, body: JSON.stringify({ certificate_ids: [certificate] }) }, call);
  }

  #answered(call: Exchange, loop: Loop): void {
    if (loop.exchange.ended) return;
    loop.exchange.bytesSent = call.bytesSent;
    loop.exchange.bytesReceived = call.bytesReceived;
    const renewal =
      call.failure === undefined && call.status === 200 ? renewalOf(call.readBody()) : undefined;
    if (renewal === undefined) {
      const said = call.failure?.message ?? `status ${call.status}: ${call.readBody().trim().slice(0, 200)}`;
      loop.isRefused = true;
      loop.exchange.failedAs({ kind: 'not_accepted', message: `the renewal was not accepted: ${said}` });
      return;
    }
    loop.renewal = renewal;
    loop.renewedNs = call.endNs;
    loop.watch.accepted(call.endNs);
    this.#options.watcher.add(renewal, (row) => this.#progress(loop, row));
  }

  #progress(loop: Loop, row: LoopRow): void {
    if (loop.exchange.ended) return;
    loop.row = row;
    loop.watch.seen(row, this.#options.clock());
    const failure = dead(row);
    if (failure !== undefined) loop.exchange.failedAs(failure);
    else if (mayBeServed(row) && !loop.probing) void this.#probe(loop);
  }

  async #probe(loop: Loop): Promise<void> {
    loop.probing = true;
    while (!loop.exchange.ended) {
      const next = performance.now() + PROBE_EVERY_MS;
      loop.last = await this.#look(loop);
      if (loop.exchange.ended) return;
      if (loop.last !== undefined && loop.last === loop.row?.fingerprint) {
        loop.exchange.status = SERVED;
        loop.exchange.answered();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
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
    const { site, exchange, renewal, row } = loop;
    const { scenario, name, pool, watcher, record } = this.#options;
    this.#inFlight.delete(loop);
    if (renewal !== undefined) watcher.remove(renewal);
    if (failureOf(exchange) === null || loop.isRefused) pool.give(site);
    record({
      ...{ scenario, target: name, servername: site.servername, certificate: site.certificate },
      ...{ renewal: renewal ?? null, deployment: row?.deployment ?? null, issued: row?.fingerprint ?? null },
      ...{ intendedNs: exchange.intendedNs, sentNs: exchange.sentNs, renewedNs: loop.renewedNs ?? null },
      ...{ endNs: exchange.endNs, failure: failureOf(exchange), probes: loop.probes },
    });
  }
}

/** `unfinished`: neither served nor failed when the run was over. */
const failureOf = ({ failure, status }: Exchange) =>
  failure?.kind ?? (status === SERVED ? null : 'unfinished');

/** Id of the job; undefined where there is none in the answer: a certificate in renewal is skipped silently. */
function renewalOf(body: string): string | undefined {
  const jobs = parseObject(body)?.enqueued_jobs;
  const id = Array.isArray(jobs) ? (jobs[0] as { job_id?: unknown } | undefined)?.job_id : undefined;
  return typeof id === 'string' ? id : undefined;
}
