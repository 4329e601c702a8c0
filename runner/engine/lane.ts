/** A lane: sends the arrivals of its scenarios when they are due. */
import type { MessagePort } from 'node:worker_threads';
import { isClosed } from '../plan/executor.ts';
import { isLoop, type PlannedScenario } from '../plan/plan.ts';
import { SCENARIOS } from '../scenarios/by-kind.ts';
import type { Client } from './client.ts';
import { type Clock, clockFrom } from './clock.ts';
import type { Endpoints, Negotiated } from './contract.ts';
import { type Alpn, Dialer } from './dialer.ts';
import { Driver, type RunFacts } from './driver.ts';
import { apiEndpoint, apiTrust, isApi, targetEndpoint } from './endpoints.ts';
import { HandshakeClient } from './handshake-client.ts';
import { Http1Client } from './http1-client.ts';
import { Http2Client } from './http2-client.ts';
import { LaneWatch } from './lane-watch.ts';
import { loopConnector } from './loop/connect.ts';
import type { LoopRecord } from './loop/record.ts';
import type { LaneData, LaneListener, Start } from './messages.ts';
import { OWN_TIMER_MS, PacedTimeline } from './paced-timeline.ts';
import { onWake } from './pacing.ts';
import { Recorder } from './recorder.ts';
import { VirtualUsers } from './virtual-users.ts';

/** How late a deadline, a report or the end may be noticed. */
const TICK_MS = 20;

export class Lane {
  readonly #clock: Clock;
  readonly #wake: MessagePort;
  readonly #drivers: Driver[] = [];
  readonly #recorders: Recorder[] = [];
  readonly #clients: Client[] = [];
  readonly #users: VirtualUsers[] = [];
  readonly #ticker: NodeJS.Timeout;
  readonly #watch: LaneWatch;
  readonly #done: () => void;
  #timeline: PacedTimeline;
  #ownTimer: NodeJS.Timeout | undefined;

  constructor(data: LaneData, { zero, runStartMs }: Start, listener: LaneListener, done: () => void) {
    this.#clock = clockFrom(zero);
    this.#wake = data.wake;
    this.#done = done;
    this.#watch = new LaneWatch(TICK_MS, (sample) => listener.sample(sample));
    this.#timeline = new PacedTimeline([...data.scenarios, ...data.warmUp]);
    const run = { runId: data.runId, runStartMs };
    const connect = connector(data.endpoints, this.#clock, run);
    for (const planned of data.scenarios) {
      const recorder = new Recorder(planned.name, (report) => listener.report(report));
      const client = connect(planned, recorder.negotiated, (loop) => listener.loop(loop));
      this.#recorders.push(recorder);
      this.#clients.push(client);
      const driver = new Driver(planned, SCENARIOS[planned.kind], client, recorder, this.#clock, run);
      this.#drivers.push(driver);
      if (isClosed(planned.executor)) this.#addUsers(planned, driver);
    }
    for (const planned of data.warmUp) {
      // Connections of the run are for the run: what these negotiate is in no count of it, and nobody is told.
      const recorder = new Recorder(planned.name, () => {});
      const client = connect(planned, recorder.negotiated, () => {});
      this.#clients.push(client);
      this.#drivers.push(new Driver(planned, SCENARIOS[planned.kind], client, recorder, this.#clock, run));
    }
    const untilDue = () => this.#timeline.dueNs - this.#clock();
    onWake(data.wake, untilDue, () => this.#release());
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Sends what is due by now and then no more, and gives what is in flight the grace, of which Infinity is much. */
  stop(graceMs: number): void {
    const nowNs = this.#clock();
    this.#release();
    this.#timeline = new PacedTimeline([]);
    for (const users of this.#users) users.stop();
    for (const driver of this.#drivers) driver.stop(nowNs, graceMs);
  }

  /** The next request of a VU begins in a turn of its own: the ends of others come first. */
  #addUsers(planned: PlannedScenario, driver: Driver): void {
    const users = new VirtualUsers(planned, driver);
    driver.onFree = () => void setImmediate(() => users.fill(this.#clock()));
    this.#users.push(users);
  }

  /** Up to the time at its beginning only: where sends are slower than the rate, answers must have their turn. */
  #release(): void {
    const nowNs = this.#clock();
    while (this.#timeline.dueNs <= nowNs) {
      this.#drivers[this.#timeline.scenario]?.release(this.#timeline.arrival, this.#timeline.dueNs);
      this.#timeline.advance();
    }
    if (!this.#timeline.isWoken) this.#ownTimer ??= setTimeout(this.#onOwnTimer, OWN_TIMER_MS);
  }

  readonly #onOwnTimer = () => {
    this.#ownTimer = undefined;
    this.#release();
  };

  #tick(): void {
    this.#watch.tick(this.#clock());
    // If the pacer were late, arrivals would still be sent, and the send lag would tell.
    this.#release();
    const nowNs = this.#clock();
    for (const users of this.#users) users.fill(nowNs);
    for (const driver of this.#drivers) driver.expire(nowNs);
    for (const recorder of this.#recorders) recorder.advance(nowNs);
    const allSent = this.#timeline.dueNs === Infinity && this.#users.every((users) => users.isOver(nowNs));
    if (allSent && this.#drivers.every((driver) => driver.idle)) this.#end();
    else this.#report();
  }

  /** A histogram in each turn of the event loop, so that no send waits for all of them. */
  #report(): void {
    if (this.#recorders.some((recorder) => recorder.step())) setImmediate(() => this.#report());
  }

  #end(): void {
    clearInterval(this.#ticker);
    clearTimeout(this.#ownTimer);
    this.#wake.close();
    for (const client of this.#clients) client.close();
    for (const recorder of this.#recorders) recorder.flush();
    this.#watch.end(this.#clock());
    this.#done();
  }
}

/** Each scenario has a client of its own, so that what was negotiated is known for each. */
function connector(endpoints: Endpoints, clock: Clock, run: RunFacts) {
  const connectLoop = loopConnector(endpoints, clock, run);
  return (planned: PlannedScenario, negotiated: Negotiated, record: (record: LoopRecord) => void): Client => {
    const dialer = (trusted: Pick<Endpoints, 'ca' | 'insecure'>, alpn: Alpn) =>
      new Dialer({ trusted, policy: planned.tls, alpn, clock, negotiated });
    if (!isApi(planned) && !isLoop(planned))
      return new HandshakeClient(targetEndpoint(endpoints, planned), dialer(endpoints, 'http/1.1'), clock);
    const endpoint = apiEndpoint(endpoints, planned);
    const trusted = apiTrust(endpoints);
    const api =
      planned.httpVersion === 2
        ? new Http2Client({ endpoint, dialer: dialer(trusted, 'h2'), clock })
        : new Http1Client(endpoint, dialer(trusted, 'http/1.1'), clock);
    return isLoop(planned) ? connectLoop(planned, api, record) : api;
  };
}
