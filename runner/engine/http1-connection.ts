/** One kept connection of HTTP/1.1, straight on a TLS socket: one request at a time, no pipelining. */
import type { TLSSocket } from 'node:tls';
import type { Clock } from './clock.ts';
import type { TargetEndpoint } from './contract.ts';
import type { Dialer } from './dialer.ts';
import { type Exchange, NEVER } from './exchange.ts';
import { ResponseReader } from './response-reader.ts';

const NS_PER_MS = 1e6;
/** An idle connection is used no more after this, or a second before the server says that it closes it. */
const MAX_IDLE_MS = 4000;
const IDLE_MARGIN_MS = 1000;

/**
 * All connections of a thread read into this one: what comes is handed over at once, and what has to wait is copied.
 * It spares each read an allocation and the stream in between.
 */
const READ_BUFFER = Buffer.allocUnsafe(65_536);

/** Who owns a connection is told what becomes of it. */
export interface ConnectionOwner {
  /** Once: it is there, or it failed before that. */
  opened(): void;
  /** Its answer is complete, and it takes another request. */
  idle(): void;
  /** Once: it takes no more. */
  gone(): void;
}

export class Http1Connection {
  readonly #dialer: Dialer;
  readonly #clock: Clock;
  readonly #owner: ConnectionOwner;
  readonly #socket: TLSSocket;
  readonly #reader = new ResponseReader();
  #exchange: Exchange | undefined;
  #request = '';
  #isSecured = false;
  #isOpening = true;
  #isGone = false;
  #idleSinceNs = 0;

  /** Opens the connection for its first exchange, whose times have the connect and the handshake. */
  constructor(target: TargetEndpoint, dialer: Dialer, clock: Clock, owner: ConnectionOwner, first: Exchange) {
    this.#dialer = dialer;
    this.#clock = clock;
    this.#owner = owner;
    const socket = dialer.dial(target, first, {
      buffer: READ_BUFFER,
      callback: (length) => this.#received(READ_BUFFER.subarray(0, length)),
    });
    socket.once('secureConnect', () => this.#secured());
    socket.on('error', (error) => this.#fail(error));
    socket.once('end', () => this.#ended());
    socket.once('close', () => this.#fail(cutShort()));
    this.#socket = socket;
  }

  /** Whether the server can be expected to keep it open still. */
  get isFresh(): boolean {
    const idleMs = Math.min(MAX_IDLE_MS, this.#reader.idleMs - IDLE_MARGIN_MS);
    return !this.#isGone && this.#clock() - this.#idleSinceNs < idleMs * NS_PER_MS;
  }

  /** `request`: all of it, as it goes over the wire. */
  send(request: string, exchange: Exchange): void {
    this.#exchange = exchange;
    this.#request = request;
    exchange.abort = () => this.destroy();
    if (this.#isSecured) this.#write(exchange);
  }

  destroy(): void {
    this.#exchange = undefined;
    this.#leave();
    this.#socket.destroy();
  }

  #secured(): void {
    this.#isSecured = true;
    if (this.#exchange !== undefined) this.#write(this.#exchange);
    // It takes a while: the server works meanwhile.
    this.#dialer.note(this.#socket);
    this.#settle();
  }

  #write(exchange: Exchange): void {
    this.#reader.reset();
    exchange.writeNs = this.#clock();
    this.#socket.write(this.#request);
    exchange.writtenNs = this.#clock();
    exchange.bytesSent = Buffer.byteLength(this.#request);
  }

  /** Returns whether to go on reading. */
  #received(bytes: Buffer): boolean {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Nobody asked for this.
      this.destroy();
      return false;
    }
    if (exchange.firstByteNs === NEVER) exchange.firstByteNs = this.#clock();
    exchange.bytesReceived += bytes.length;
    try {
      if (this.#reader.read(bytes)) this.#answered(exchange);
    } catch (error) {
      this.#fail(error);
    }
    return !this.#isGone;
  }

  #answered(exchange: Exchange): void {
    this.#exchange = undefined;
    const { status, keepsAlive } = this.#reader;
    exchange.status = status;
    exchange.readBody = () => this.#reader.body();
    exchange.answered();
    if (!keepsAlive) {
      this.destroy();
      return;
    }
    this.#idleSinceNs = this.#clock();
    this.#owner.idle();
  }

  #ended(): void {
    if (this.#exchange !== undefined && this.#reader.end()) this.#answered(this.#exchange);
  }

  #fail(error: unknown): void {
    const exchange = this.#exchange;
    this.destroy();
    exchange?.failed(error);
  }

  #leave(): void {
    this.#settle();
    if (this.#isGone) return;
    this.#isGone = true;
    this.#owner.gone();
  }

  #settle(): void {
    if (!this.#isOpening) return;
    this.#isOpening = false;
    this.#owner.opened();
  }
}

function cutShort(): Error {
  return Object.assign(new Error('the server closed the connection before its answer was complete'), {
    code: 'ECONNRESET',
  });
}
