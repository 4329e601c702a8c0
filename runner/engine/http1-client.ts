/** HTTP/1.1 over connections that are kept. */
import type { HttpRequest } from '../scenarios/scenario.ts';
import type { Client } from './client.ts';
import type { Clock } from './clock.ts';
import type { ApiEndpoint, TargetEndpoint } from './contract.ts';
import type { Dialer } from './dialer.ts';
import { apiAddress } from './endpoints.ts';
import type { Exchange } from './exchange.ts';
import { Http1Connection } from './http1-connection.ts';

/**
 * So many connections may be being opened at once. Without a limit a cold start at thousands a second would never
 * end: each arrival finds no idle connection and opens its own, and the handshakes of all take longer than answers.
 */
const MAX_OPENING = 8;

/**
 * Speaks HTTP itself, as the handshakes do: through undici a request costs twice the CPU.
 *
 * The connection that was used last is used next; a new one is opened only where none is idle, and where too many are
 * being opened already, the first that is free is waited for (which is in `http_req_blocked`). So there are never more
 * than arrivals in flight, whose number `maxVUs` limits.
 */
export class Http1Client implements Client {
  readonly #target: TargetEndpoint;
  readonly #dialer: Dialer;
  readonly #clock: Clock;
  readonly #fields: string;
  /** Used last: last. */
  readonly #idle: Http1Connection[] = [];
  readonly #all = new Set<Http1Connection>();
  /** What there is no connection for yet, in the order of the sends. */
  readonly #waiting = new Map<Exchange, string>();
  #opening = 0;

  constructor(endpoint: ApiEndpoint, dialer: Dialer, clock: Clock) {
    this.#target = apiAddress(endpoint);
    this.#dialer = dialer;
    this.#clock = clock;
    const { host } = new URL(endpoint.url);
    this.#fields = `Host: ${host}\r\nAuthorization: Bearer ${endpoint.token}\r\nAccept: application/json\r\n`;
  }

  send(request: HttpRequest, exchange: Exchange): void {
    const text = this.#textOf(request);
    const connection = this.#takeIdle();
    if (connection !== undefined) connection.send(text, exchange);
    else if (this.#opening < MAX_OPENING) this.#open(text, exchange);
    else {
      this.#waiting.set(exchange, text);
      exchange.abort = () => this.#waiting.delete(exchange);
    }
  }

  close(): void {
    this.#waiting.clear();
    for (const connection of this.#all) connection.destroy();
  }

  #textOf({ method, path, body }: HttpRequest): string {
    const head = `${method} ${path} HTTP/1.1\r\n${this.#fields}`;
    if (body === undefined) return `${head}\r\n`;
    return `${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }

  #takeIdle(): Http1Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.isFresh) return connection;
      connection.destroy();
    }
  }

  #open(text: string, exchange: Exchange): void {
    this.#opening++;
    const owner = {
      opened: () => {
        this.#opening--;
        this.#serveWaiting((next, of) => this.#open(next, of));
      },
      idle: () => {
        if (!this.#serveWaiting((next, of) => connection.send(next, of))) this.#idle.push(connection);
      },
      gone: () => {
        this.#all.delete(connection);
        const index = this.#idle.indexOf(connection);
        if (index >= 0) this.#idle.splice(index, 1);
      },
    };
    const connection = new Http1Connection(this.#target, this.#dialer, this.#clock, owner, exchange);
    this.#all.add(connection);
    connection.send(text, exchange);
  }

  /** Gives the one that waits longest to `serve`; false where none waits. */
  #serveWaiting(serve: (text: string, exchange: Exchange) => void): boolean {
    for (const [exchange, text] of this.#waiting) {
      this.#waiting.delete(exchange);
      serve(text, exchange);
      return true;
    }
    return false;
  }
}
