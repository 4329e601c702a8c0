/** A fresh TCP connection, a TLS handshake and one request, each time. */
import type { TLSSocket } from 'node:tls';
import type { HttpRequest } from '../scenarios/scenario.ts';
import type { Client } from './client.ts';
import type { Clock } from './clock.ts';
import type { TargetEndpoint } from './contract.ts';
import type { Dialer } from './dialer.ts';
import { type Exchange, NEVER } from './exchange.ts';
import { parseResponse } from './response.ts';

/**
 * Speaks HTTP itself: an undici Client for each connection would cost 40 % more CPU than the handshake does.
 * An exchange ends with the end of the connection, which the server closes first (`Connection: close`); closing
 * first here would leave a local port in TIME_WAIT for each handshake.
 */
export class HandshakeClient implements Client {
  readonly #endpoint: TargetEndpoint;
  readonly #dialer: Dialer;
  readonly #clock: Clock;

  constructor(endpoint: TargetEndpoint, dialer: Dialer, clock: Clock) {
    this.#endpoint = endpoint;
    this.#dialer = dialer;
    this.#clock = clock;
  }

  send(request: HttpRequest, exchange: Exchange): void {
    const socket = this.#dialer.dial(this.#endpoint, exchange);
    const received: Buffer[] = [];
    exchange.abort = () => socket.destroy();

    const end = (error?: Error) => {
      exchange.bytesReceived = socket.bytesRead;
      exchange.bytesSent = socket.bytesWritten;
      if (error === undefined) finish(exchange, received);
      else exchange.failed(error);
      socket.destroy();
    };
    socket.once('secureConnect', () => {
      if (this.#dialer.isResumed(socket)) return end(sessionResumed());
      this.#write(socket, request, exchange);
      this.#dialer.note(socket);
    });
    socket.on('data', (chunk) => {
      if (exchange.firstByteNs === NEVER) exchange.firstByteNs = this.#clock();
      received.push(chunk);
    });
    socket.once('end', () => end());
    socket.on('error', end);
  }

  /** Connections end with their exchanges: none is kept. */
  close(): void {}

  #write(socket: TLSSocket, { method, path }: HttpRequest, exchange: Exchange): void {
    exchange.writeNs = this.#clock();
    socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: ${this.#endpoint.servername}\r\nConnection: close\r\n\r\n`,
    );
    exchange.writtenNs = this.#clock();
  }
}

function finish(exchange: Exchange, received: Buffer[]): void {
  const response = parseResponse(Buffer.concat(received));
  if (response === undefined) {
    exchange.failed(cutShort());
    return;
  }
  exchange.status = response.status;
  exchange.readBody = () => response.body;
  exchange.answered();
}

function cutShort(): Error {
  return Object.assign(new Error('the server closed the connection before its answer was complete'), {
    code: 'ECONNRESET',
  });
}

function sessionResumed(): Error {
  return Object.assign(new Error('the server resumed a TLS session that was never offered'), {
    code: 'SESSION_RESUMED',
  });
}
