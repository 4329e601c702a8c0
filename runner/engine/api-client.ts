/** HTTP/1.1 over connections that are kept, by undici. */
import type { TLSSocket } from 'node:tls';
import { type Dispatcher, Client as UndiciClient } from 'undici';
import type { HttpRequest } from '../scenarios/scenario.ts';
import type { Client } from './client.ts';
import type { Clock } from './clock.ts';
import type { ApiEndpoint, Negotiated, TargetEndpoint } from './contract.ts';
import type { Exchange } from './exchange.ts';
import { note, openTls, type Trust } from './tls.ts';

/**
 * One undici Client is one connection, so that it is known which connection an exchange was on (undici's Pool
 * does not tell). The one that was used last is used next; a new one is opened only where none is idle. So there
 * are never more than arrivals in flight, whose number `maxVUs` limits, and a connection that is idle for 4 s
 * is closed by undici, as keep-alive clients do.
 */
export class ApiClient implements Client {
  readonly #endpoint: ApiEndpoint;
  readonly #trust: Trust;
  readonly #clock: Clock;
  readonly #negotiated: Negotiated;
  readonly #headers: string[];
  readonly #idle: Connection[] = [];

  constructor(endpoint: ApiEndpoint, trust: Trust, clock: Clock, negotiated: Negotiated) {
    this.#endpoint = endpoint;
    this.#trust = trust;
    this.#clock = clock;
    this.#negotiated = negotiated;
    this.#headers = ['authorization', `Bearer ${endpoint.token}`, 'accept', 'application/json'];
  }

  send(request: HttpRequest, exchange: Exchange): void {
    const connection =
      this.#idle.pop() ?? new Connection(this.#endpoint, this.#trust, this.#clock, this.#negotiated);
    connection.send(request, this.#headers, exchange, () => this.#idle.push(connection));
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }
}

class Connection {
  readonly #client: UndiciClient;
  readonly #clock: Clock;
  #socket: TLSSocket | undefined;
  #exchange: Exchange | undefined;
  /** The socket's counters at the start of the exchange. */
  #readBefore = 0;
  #writtenBefore = 0;

  constructor(endpoint: ApiEndpoint, trust: Trust, clock: Clock, negotiated: Negotiated) {
    this.#clock = clock;
    const { host, port, servername } = address(endpoint);
    this.#client = new UndiciClient(endpoint.url, {
      allowH2: false,
      // The driver has the deadlines; undici's timers are accurate to half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, connected) => {
        const exchange = this.#exchange as Exchange;
        const socket = openTls({ host, port, servername }, trust, exchange, clock);
        this.#socket = socket;
        this.#readBefore = 0;
        this.#writtenBefore = 0;
        const refused = (error: Error) => connected(error, null);
        socket.once('error', refused);
        socket.once('secureConnect', () => {
          socket.off('error', refused);
          note(negotiated, socket);
          connected(null, socket);
        });
      },
    });
  }

  /** `idle` is called when the connection may be used again; never after a failure or an abort. */
  send(request: HttpRequest, headers: string[], exchange: Exchange, idle: () => void): void {
    this.#exchange = exchange;
    this.#readBefore = this.#socket?.bytesRead ?? 0;
    this.#writtenBefore = this.#socket?.bytesWritten ?? 0;
    exchange.abort = () => this.destroy();
    try {
      this.#client.dispatch(options(request, headers), this.#handler(exchange, idle));
    } catch (error) {
      exchange.failed(error);
      this.destroy();
    }
  }

  destroy(): void {
    this.#socket?.destroy();
    this.#client.destroy().catch(() => {});
  }

  #handler(exchange: Exchange, idle: () => void): Dispatcher.DispatchHandler {
    const chunks: Buffer[] = [];
    return {
      onRequestStart: () => {
        exchange.writeNs = this.#clock();
      },
      onRequestSent: () => {
        exchange.writtenNs = this.#clock();
      },
      onResponseStarted: () => {
        exchange.firstByteNs = this.#clock();
      },
      onResponseStart: (_controller, status) => {
        exchange.status = status;
      },
      onResponseData: (_controller, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: () => {
        exchange.readBody = () => text(chunks);
        this.#countBytes(exchange);
        exchange.answered();
        idle();
      },
      onResponseError: (_controller, error) => {
        this.#countBytes(exchange);
        exchange.failed(error);
        this.destroy();
      },
    };
  }

  #countBytes(exchange: Exchange): void {
    exchange.bytesReceived = (this.#socket?.bytesRead ?? 0) - this.#readBefore;
    exchange.bytesSent = (this.#socket?.bytesWritten ?? 0) - this.#writtenBefore;
  }
}

function options({ method, path, body }: HttpRequest, headers: string[]): Dispatcher.DispatchOptions {
  if (body === undefined) return { method, path, headers };
  return { method, path, body, headers: [...headers, 'content-type', 'application/json'] };
}

function text(chunks: Buffer[]): string {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first.toString() : Buffer.concat(chunks).toString();
}

function address(endpoint: ApiEndpoint): TargetEndpoint {
  const { hostname, port } = new URL(endpoint.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(port || 443), servername: endpoint.servername ?? host };
}
