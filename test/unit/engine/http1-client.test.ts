import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { clockFrom } from '../../../runner/engine/clock.ts';
import type { ApiEndpoint } from '../../../runner/engine/contract.ts';
import { Dialer } from '../../../runner/engine/dialer.ts';
import { Exchange } from '../../../runner/engine/exchange.ts';
import { Http1Client } from '../../../runner/engine/http1-client.ts';
import { noneNegotiated } from '../../../runner/engine/negotiated.ts';
import { tlsPolicyOf } from '../../../runner/plan/tls-policy.ts';
import { endpointsAt, identity, startServer, type TestServer } from '../../support/https-server.ts';

const clock = clockFrom(process.hrtime.bigint());

function clientOf(server: TestServer, port = server.port) {
  const endpoint = endpointsAt(port).api as ApiEndpoint;
  const negotiated = noneNegotiated();
  const dialer = new Dialer({
    trusted: { ca: identity.ca },
    policy: tlsPolicyOf(),
    alpn: 'http/1.1',
    clock,
    negotiated,
  });
  const client = new Http1Client(endpoint, dialer, clock);
  const get = (path = '/api/v1/certificates') =>
    new Promise<Exchange>((resolve) => {
      client.send({ method: 'GET', path }, new Exchange(0, clock, resolve));
    });
  return { client, negotiated, get };
}

test('connections are kept, and no more are opened than are in flight at once', async () => {
  await using server = await startServer();
  const { client, negotiated, get } = clientOf(server);
  for (let request = 0; request < 5; request++) await get();
  expect(server.connections).toBe(1);
  await Promise.all([get(), get(), get()]);
  expect(server.connections).toBe(3);
  await Promise.all([get(), get(), get()]);
  expect(server.connections).toBe(3);
  expect(negotiated).toMatchObject({ connections: 3, alpn: { 'http/1.1': 3 }, sessionsReused: 0 });
  client.close();
});

test('at most 8 connections are being opened at once; what waits gets the first that is free, or its own turn', async () => {
  const sockets: Socket[] = [];
  // Accepts, and never says a word of TLS.
  const silent = createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  await using server = await startServer();
  const { client, get } = clientOf(server, port);
  const ended = Promise.all(Array.from({ length: 40 }, () => get()));
  await vi.waitFor(() => expect(sockets).toHaveLength(8));
  const forgotten = new Exchange(0, clock, () => {});
  client.send({ method: 'GET', path: '/' }, forgotten);
  forgotten.abandon();
  for (let opened = 8; opened <= 40; opened += 8) {
    for (const socket of sockets.splice(0)) socket.destroy();
    await vi.waitFor(() => expect(sockets).toHaveLength(Math.min(8, 40 - opened)));
  }
  for (const socket of sockets) socket.destroy();
  for (const { failure } of await ended) expect(failure?.kind).toMatch(/^(reset|tls)$/);
  silent.close();
});

test('a cold start with many at once uses the connections that are there', async () => {
  await using server = await startServer();
  const { client, get } = clientOf(server);
  const all = await Promise.all(Array.from({ length: 500 }, () => get()));
  expect(all.filter(({ failure }) => failure)).toEqual([]);
  expect(server.connections).toBeLessThan(250);
  client.close();
});

test('the first exchange of a connection has its connect and TLS, later ones have none', async () => {
  await using server = await startServer();
  const { client, get } = clientOf(server);
  const { sentNs, dialNs, connectedNs, securedNs, writeNs, writtenNs, firstByteNs, endNs } = await get();
  const times = [sentNs, dialNs, connectedNs, securedNs, writeNs, writtenNs, firstByteNs, endNs];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(await get()).toMatchObject({ dialNs: -1, connectedNs: -1, securedNs: -1, status: 200 });
  client.close();
});

test('the bytes of HTTP are counted for each exchange', async () => {
  await using server = await startServer((_, response) => response.end('x'.repeat(100_000)));
  const { client, get } = clientOf(server);
  for (const exchange of [await get(), await get()]) {
    expect(exchange.readBody()).toHaveLength(100_000);
    expect(exchange.bytesReceived).toBeGreaterThan(100_000);
    expect(exchange.bytesReceived).toBeLessThan(100_500);
    expect(exchange.bytesSent).toBeGreaterThan(50);
    expect(exchange.bytesSent).toBeLessThan(500);
  }
  client.close();
});

test('a connection that the server closes after its answer is replaced, not an error', async () => {
  await using server = await startServer((_, response) => {
    response.setHeader('connection', 'close').end('ok');
  });
  const { client, get } = clientOf(server);
  for (let request = 0; request < 3; request++) expect((await get()).failure).toBeUndefined();
  expect(server.connections).toBe(3);
  client.close();
});

test('an aborted exchange takes its connection with it', async () => {
  await using server = await startServer((request, response) => {
    if (request.url !== '/hang') response.end('ok');
  });
  const { client, get } = clientOf(server);
  await get('/ok');
  const hanging = new Exchange(0, clock, () => {});
  client.send({ method: 'GET', path: '/hang' }, hanging);
  hanging.abandon();
  expect((await get('/ok')).dialNs).toBeGreaterThan(0);
  expect(server.connections).toBe(2);
  client.close();
});

test('an answer without a length ends with its connection', async () => {
  await using server = await startServer((_, response) => {
    response.removeHeader('connection');
    response.socket?.end('HTTP/1.1 200 OK\r\n\r\nas long as it is');
  });
  const { client, get } = clientOf(server);
  for (let request = 0; request < 2; request++) {
    const exchange = await get();
    expect(exchange).toMatchObject({ status: 200, failure: undefined });
    expect(exchange.readBody()).toBe('as long as it is');
  }
  expect(server.connections).toBe(2);
  client.close();
});

test('an answer that is cut short is a reset, one that is no HTTP a bad body', async () => {
  await using server = await startServer((request, response) => {
    const head = request.url === '/cut' ? 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n' : 'SSH-2.0\r\n\r\n';
    response.socket?.end(`${head}hello`);
  });
  const { client, get } = clientOf(server);
  expect((await get('/cut')).failure).toMatchObject({ kind: 'reset' });
  expect((await get('/none')).failure).toMatchObject({ kind: 'bad_body' });
  client.close();
});

test('a connection that the server has closed meanwhile, or will close at once, is not used', async () => {
  await using server = await startServer((request, response) => {
    if (request.url === '/hint') response.setHeader('keep-alive', 'timeout=1').end('ok');
    else response.end('ok', () => setTimeout(() => request.socket.destroy(), 50));
  });
  const { client, get } = clientOf(server);
  await get('/hint');
  await get('/dropped');
  expect(server.connections).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await get('/hint')).failure).toBeUndefined();
  expect(server.connections).toBe(3);
  client.close();
});
