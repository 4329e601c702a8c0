import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answers, isListening } from '../../../../infra/gate/probe.ts';
import { identity, SERVERNAME, startServer } from '../../../support/https-server.ts';
import { serverIdentity } from '../../../support/tls.ts';

const PLAIN = { ca: '', servername: '' };
const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  open.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener) => listen(createServer(listener));

/** A port at which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

describe('isListening', () => {
  it('is defined once a connection is accepted', async () => {
    const port = await listen(createTcpServer((socket) => socket.destroy()));
    expect(await isListening(`127.0.0.1:${port}`)).toBe('');
  });

  it('is undefined where nothing listens', async () => {
    expect(await isListening(`127.0.0.1:${await closedPort()}`)).toBeUndefined();
  });

  it('takes an IPv6 address in brackets', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.destroy()),
      '::1',
    );
    expect(await isListening(`[::1]:${port}`)).toBe('');
  });
});

describe('answers', () => {
  it('is the body of a 200', async () => {
    const port = await serve((request, response) => response.end(`at ${request.url}`));
    expect(await answers(`http://127.0.0.1:${port}/healthz`, PLAIN)).toBe('at /healthz');
  });

  it('is defined for an empty body too', async () => {
    const port = await serve((_, response) => response.end());
    expect(await answers(`http://127.0.0.1:${port}/`, PLAIN)).toBe('');
  });

  it.each([204, 301, 404, 500, 503])('is undefined for %i', async (status) => {
    const port = await serve((_, response) => response.writeHead(status).end());
    expect(await answers(`http://127.0.0.1:${port}/`, PLAIN)).toBeUndefined();
  });

  it('is undefined where nothing listens, and where the connection breaks', async () => {
    expect(await answers(`http://127.0.0.1:${await closedPort()}/`, PLAIN)).toBeUndefined();
    const resets = await serve((request) => request.socket.resetAndDestroy());
    expect(await answers(`http://127.0.0.1:${resets}/`, PLAIN)).toBeUndefined();
    const breaks = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      setImmediate(() => response.destroy());
    });
    expect(await answers(`http://127.0.0.1:${breaks}/`, PLAIN)).toBeUndefined();
  });

  it('verifies TLS: the CA, and the name', async () => {
    await using server = await startServer((_, response) => response.end('verified'));
    const url = `https://127.0.0.1:${server.port}/`;
    const tls = { ca: identity.ca, servername: SERVERNAME };
    expect(await answers(url, tls)).toBe('verified');
    expect(await answers(url, { ...tls, servername: 'other.test' })).toBeUndefined();
    const stranger = await serverIdentity(SERVERNAME);
    expect(await answers(url, { ...tls, ca: stranger.ca })).toBeUndefined();
  });
});
