/** HTTP/2 over connections that are kept. */
import type { HttpRequest } from '../scenarios/scenario.ts';
import type { Client } from './client.ts';
import type { Exchange } from './exchange.ts';
import { Http2Connection, type Http2Options } from './http2-connection.ts';

/**
 * A request takes the connection that was used last of those with room; a new one is opened only where none has. So
 * there are never more connections than arrivals in flight, whose number `maxVUs` limits; over HTTP/2 there is one for
 * each hundred of them. A connection that is idle for 4 s is closed by undici, as keep-alive clients do.
 */
export class Http2Client implements Client {
  readonly #options: Http2Options;
  readonly #headers: string[];
  /** Used last: last. */
  #withRoom: Http2Connection[] = [];

  constructor(options: Http2Options) {
    this.#options = options;
    const { token } = options.endpoint;
    this.#headers = ['authorization', `Bearer ${token}`, 'accept', 'application/json'];
  }

  send(request: HttpRequest, exchange: Exchange): void {
    const connection = this.#withRoom.at(-1) ?? this.#open();
    connection.take(exchange);
    if (!connection.hasRoom) this.#withRoom.pop();
    connection.send(request, this.#headers, exchange);
  }

  close(): void {
    for (const connection of this.#withRoom.splice(0)) connection.close();
  }

  #open(): Http2Connection {
    const connection = new Http2Connection(this.#options, {
      room: () => this.#withRoom.push(connection),
      gone: () => {
        this.#withRoom = this.#withRoom.filter((other) => other !== connection);
      },
    });
    this.#withRoom.push(connection);
    return connection;
  }
}
