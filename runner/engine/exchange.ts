/** One request and its answer: where it is, when it got there, and how it ended. */
import type { Clock } from './clock.ts';
import { type Failure, failureOf } from './error-kind.ts';

/** A time that was not reached. */
export const NEVER = -1;
/** No answer has begun. */
export const NO_STATUS = 0;

/**
 * One sent arrival. The driver makes it, a client carries it out and stamps the times (ns on the run's clock)
 * as it gets there; it ends exactly once, by the client, by its deadline or by being cancelled.
 */
export class Exchange {
  readonly intendedNs: number;
  readonly sentNs: number;
  /** Addresses are known, TCP connect begins. NEVER on a connection that was kept. */
  dialNs = NEVER;
  /** TCP is connected. */
  connectedNs = NEVER;
  /** TLS is established. */
  securedNs = NEVER;
  /** A connection is in hand: the request is being written. */
  writeNs = NEVER;
  writtenNs = NEVER;
  firstByteNs = NEVER;
  endNs = NEVER;

  status = NO_STATUS;
  /**
   * Set by the client with the answer. To be called when the end is told, so that decoding is in no measurement, and no
   * later: the next answer of the connection takes its place.
   */
  readBody: () => string = () => '';
  /** Of HTTP, without what TLS adds. */
  bytesSent = 0;
  bytesReceived = 0;
  failure: Failure | undefined;
  /** Set by the client: destroys the connection. */
  abort: () => void = () => {};
  /** True: more than a request, so that it has none of a request's phases. */
  isLoop = false;
  /** Set by a client that knows better than "no answer" what was waited for when the deadline came. */
  late: (() => Failure) | undefined;
  /** Set by the client: called once, when it has ended in whichever way. */
  atEnd: () => void = () => {};

  readonly #clock: Clock;
  readonly #onEnd: (exchange: Exchange) => void;

  constructor(intendedNs: number, clock: Clock, onEnd: (exchange: Exchange) => void) {
    this.intendedNs = intendedNs;
    this.sentNs = clock();
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  get ended(): boolean {
    return this.endNs !== NEVER;
  }

  /** The answer is complete; `status` and `readBody` are set. */
  answered(): void {
    this.#end();
  }

  failed(error: unknown): void {
    this.failedAs(failureOf(error));
  }

  failedAs(failure: Failure): void {
    if (!this.ended) this.failure = failure;
    this.#end();
  }

  /** Ends it at its deadline and destroys its connection. */
  timedOut(deadlineMs: number): void {
    if (this.ended) return;
    const dialing = this.dialNs !== NEVER && this.connectedNs === NEVER;
    this.failure = this.late?.() ?? {
      kind: dialing ? 'connect_timeout' : 'timeout',
      message: `no ${dialing ? 'connection' : 'complete answer'} within the deadline of ${deadlineMs} ms`,
    };
    this.#end();
    this.abort();
  }

  /** Destroys its connection; nobody is told of an end. */
  abandon(): void {
    if (this.ended) return;
    this.endNs = this.#clock();
    this.abort();
    this.atEnd();
  }

  #end(): void {
    if (this.ended) return;
    this.endNs = this.#clock();
    this.atEnd();
    this.#onEnd(this);
  }
}
