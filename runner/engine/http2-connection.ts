/** One connection of HTTP/2 to the API, by undici. */
import type { TLSSocket } from 'node:tls';
import { type Dispatcher, Client as UndiciClient } from 'undici';
import type { HttpRequest } from '../scenarios/scenario.ts';
import type { Clock } from './clock.ts';
import type { ApiEndpoint } from './contract.ts';
import type { Dialer } from './dialer.ts';
import { apiAddress } from './endpoints.ts';
import type { Exchange } from './exchange.ts';

/** Requests at once: the least that a server should allow (RFC 9113, 6.5.2). */
const STREAMS = 100;

export interface Http2Options {
  endpoint: ApiEndpoint;
  /** Offers h2. */
  dialer: Dialer;
  clock: Clock;
}

/** Who owns a connection is told what changes of it by itself. */
export interface Http2Owner {
  /** It has room again. */
  room(): void;
  /** It had room and takes no more. */
  gone(): void;
}

/**
 * One undici Client is one connection, so that it is known which connection an exchange was on (undici's Pool does not
 * tell). An abort resets the stream alone, and a connection that was
 * lost is opened again by the next request.
 */
export class Http2Connection {
  readonly #client: UndiciClient;
  readonly #clock: Clock;
  readonly #owner: Http2Owner;
  readonly #exchanges = new Set<Exchange>();
  #latest: Exchange | undefined;
  #socket: TLSSocket | undefined;
  #isSecured = false;
  #isClosing = false;
  /** The socket's counters at the end of the last exchange. */
  #read = 0;
  #written = 0;

  constructor({ endpoint, dialer, clock }: Http2Options, owner: Http2Owner) {
    this.#clock = clock;
    this.#owner = owner;
    this.#client = new UndiciClient(endpoint.url, {
      allowH2: true,
      // The driver has the deadlines; undici's timers are accurate to half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, connected) => {
        const socket = dialer.dial(apiAddress(endpoint), this.#latest as Exchange);
        this.#socket = socket;
        this.#isSecured = false;
        this.#read = 0;
        this.#written = 0;
        const refused = (error: Error) => connected(isNoAlpn(error) ? noHttp2() : error, null);
        socket.once('error', refused);
        socket.once('secureConnect', () => {
          socket.off('error', refused);
          dialer.note(socket);
          if (socket.alpnProtocol !== 'h2') {
            socket.destroy();
            connected(noHttp2(), null);
            return;
          }
          this.#isSecured = true;
          connected(null, socket);
        });
      },
    });
  }

  get hasRoom(): boolean {
    return !this.#isClosing && this.#exchanges.size < STREAMS;
  }

  /** Takes a place of the room, which `send` uses. */
  take(exchange: Exchange): void {
    this.#exchanges.add(exchange);
  }

  send(request: HttpRequest, headers: string[], exchange: Exchange): void {
    this.#latest = exchange;
    exchange.abort = () => this.#abort(exchange);
    try {
      this.#client.dispatch(options(request, headers), this.#handler(exchange));
    } catch (error) {
      exchange.failed(error);
      this.#leave(exchange);
    }
  }

  close(): void {
    this.#isClosing = true;
    this.#socket?.destroy();
    this.#client.destroy().catch(() => {});
  }

  /** The exchange has ended already. */
  #abort(exchange: Exchange): void {
    // What waits for a connection cannot be taken back: it takes no more, and closes with the last of them.
    if (!this.#isSecured) this.#retire();
    this.#leave(exchange);
  }

  #leave(exchange: Exchange): void {
    const hadRoom = this.hasRoom;
    this.#exchanges.delete(exchange);
    if (!hadRoom && this.hasRoom) this.#owner.room();
    if (this.#isClosing && this.#exchanges.size === 0) this.close();
  }

  #retire(): void {
    if (this.hasRoom) this.#owner.gone();
    this.#isClosing = true;
  }

  #handler(exchange: Exchange): Dispatcher.DispatchHandler {
    const chunks: Buffer[] = [];
    return {
      onRequestStart: (controller) => {
        // Its deadline came while it waited for a connection.
        if (exchange.ended) return controller.abort(new Error('ended before it was sent'));
        exchange.writeNs = this.#clock();
        exchange.abort = () => {
          controller.abort(new Error('ended by its deadline'));
          this.#leave(exchange);
        };
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
        this.#leave(exchange);
      },
      onResponseError: (_controller, error) => {
        this.#countBytes(exchange);
        exchange.failed(error);
        this.#leave(exchange);
      },
    };
  }

  /** Over HTTP/2 what others had meanwhile counts with the one that ends first: the sum is right. */
  #countBytes(exchange: Exchange): void {
    const { bytesRead = this.#read, bytesWritten = this.#written } = this.#socket ?? {};
    exchange.bytesReceived = bytesRead - this.#read;
    exchange.bytesSent = bytesWritten - this.#written;
    this.#read = bytesRead;
    this.#written = bytesWritten;
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

/** A server may say that it speaks nothing of what was offered by an alert (RFC 7301, 3.2), or by choosing nothing. */
function isNoAlpn(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
}

function noHttp2(): Error {
  return Object.assign(new Error('the server does not offer HTTP/2'), { code: 'ERR_TLS_ALPN' });
}
