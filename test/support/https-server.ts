/** HTTPS servers of known behaviour on loopback, for tests of the engine. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type SecureServerOptions } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { TARGET_NAMES } from '../../infra/targets.ts';
import type { Endpoints } from '../../runner/engine/contract.ts';
import { type ServerIdentity, serverIdentity } from './tls.ts';

export const SERVERNAME = 'subject.test';

/** One for all servers of a test file: making it takes longer than a test. */
export const identity: ServerIdentity = await serverIdentity(SERVERNAME);

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface TestServer extends AsyncDisposable {
  port: number;
  /** Requests seen, by method and path. */
  seen: Record<string, number>;
  /** TCP connections accepted. */
  connections: number;
  /** Those that are open, below TLS. */
  sockets: Set<Socket>;
  /** This server as the API and as every target. */
  endpoints: Endpoints;
  /** Shows another certificate from now on. */
  use(identity: Pick<ServerIdentity, 'key' | 'cert'>): void;
}

/** @param options of TLS; with `allowHTTP1` it speaks HTTP/2 as well */
export async function startServer(
  handler: Handler = certctl,
  options: SecureServerOptions = {},
): Promise<TestServer> {
  const { key, cert } = identity;
  const server =
    options.allowHTTP1 === undefined
      ? createServer({ key, cert, keepAliveTimeout: 60_000, ...options })
      : createSecureServer({ key, cert, ...options });
  const sockets = new Set<Socket>();
  const seen: Record<string, number> = {};
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const what = `${request.method} ${request.url?.replace(/\?.*/, '')}`;
    seen[what] = (seen[what] ?? 0) + 1;
    handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const running: TestServer = {
    port,
    seen,
    connections: 0,
    sockets,
    endpoints: endpointsAt(port),
    use: ({ key, cert }) => server.setSecureContext({ key, cert }),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  server.on('connection', (socket: Socket) => {
    running.connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return running;
}

export function endpointsAt(port: number): Endpoints {
  const target = { host: '127.0.0.1', port, servername: SERVERNAME };
  return {
    api: { url: `https://127.0.0.1:${port}`, servername: SERVERNAME, token: 'secret' },
    targets: Object.fromEntries(TARGET_NAMES.map((name) => [name, target])),
    ca: identity.ca,
  };
}

/** Answers as certctl does (echo, empty list), and as a target does. */
export async function certctl(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Empty where the client has given up meanwhile.
  const body = await text(request).catch(() => '');
  if (request.url === '/') response.end('ok\n');
  else if (request.headers.authorization !== 'Bearer secret') response.writeHead(401).end();
  else if (request.method === 'POST') response.writeHead(201).end(body);
  else response.end(JSON.stringify({ data: [], total: 0, page: 1, per_page: 50 }));
}

/** The handler, after so many ms. */
export function delayed(ms: number, handler: Handler = certctl): Handler {
  return (request, response) => setTimeout(() => handler(request, response), ms);
}
