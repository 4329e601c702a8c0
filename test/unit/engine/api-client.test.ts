import { expect, test } from 'vitest';
import { ApiClient } from '../../../runner/engine/api-client.ts';
import { clockFrom } from '../../../runner/engine/clock.ts';
import { Dialer } from '../../../runner/engine/dialer.ts';
import { Exchange } from '../../../runner/engine/exchange.ts';
import { noneNegotiated } from '../../../runner/engine/negotiated.ts';
import { tlsPolicyOf } from '../../../runner/plan/tls-policy.ts';
import { identity, startServer, type TestServer } from '../../support/https-server.ts';

const clock = clockFrom(process.hrtime.bigint());

function clientOf(server: Pick<TestServer, 'endpoints'>, httpVersion: 1.1 | 2 = 1.1) {
  const { api } = server.endpoints;
  if (api === undefined) throw new Error('no API');
  const negotiated = noneNegotiated();
  const dialer = new Dialer({
    trusted: { ca: identity.ca },
    policy: tlsPolicyOf(),
    alpn: httpVersion === 2 ? 'h2' : 'http/1.1',
    clock,
    negotiated,
  });
  const client = new ApiClient({ endpoint: api, dialer, httpVersion, clock });
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

test('a request that cannot be made is a failure of that arrival alone', async () => {
  await using server = await startServer();
  const { client, get } = clientOf(server);
  expect((await get('no slash')).failure?.kind).toBe('other');
  expect((await get()).failure).toBeUndefined();
  client.close();
});
