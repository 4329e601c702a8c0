import { TLSSocket } from 'node:tls';
import { afterEach, expect, test, vi } from 'vitest';
import { clockFrom } from '../../../runner/engine/clock.ts';
import { Dialer } from '../../../runner/engine/dialer.ts';
import { Exchange } from '../../../runner/engine/exchange.ts';
import { HandshakeClient } from '../../../runner/engine/handshake-client.ts';
import { noneNegotiated } from '../../../runner/engine/negotiated.ts';
import { tlsPolicyOf } from '../../../runner/plan/tls-policy.ts';
import { identity, SERVERNAME, startServer } from '../../support/https-server.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** One GET over a fresh connection; resolves when it ended. */
async function exchangeWith(port: number): Promise<Exchange> {
  const clock = clockFrom(process.hrtime.bigint());
  const endpoint = { host: '127.0.0.1', port, servername: SERVERNAME };
  const dialer = new Dialer({
    trusted: { ca: identity.ca },
    policy: tlsPolicyOf(),
    alpn: 'http/1.1',
    clock,
    negotiated: noneNegotiated(),
  });
  const client = new HandshakeClient(endpoint, dialer, clock);
  return new Promise((resolve) => {
    client.send({ method: 'GET', path: '/' }, new Exchange(0, clock, resolve));
  });
}

test('the times of an exchange are in their order, and its bytes are counted', async () => {
  await using server = await startServer();
  const exchange = await exchangeWith(server.port);
  const { sentNs, dialNs, connectedNs, securedNs, writeNs, writtenNs, firstByteNs, endNs } = exchange;
  const times = [sentNs, dialNs, connectedNs, securedNs, writeNs, writtenNs, firstByteNs, endNs];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(exchange.failure).toBeUndefined();
  expect([exchange.status, exchange.readBody()]).toEqual([200, 'ok\n']);
  expect(exchange.bytesSent).toBe(
    `GET / HTTP/1.1\r\nHost: ${SERVERNAME}\r\nConnection: close\r\n\r\n`.length,
  );
  expect(exchange.bytesReceived).toBeGreaterThan(80);
});

test('a resumed session is a failure, and nothing is asked over it', async () => {
  await using server = await startServer();
  vi.spyOn(TLSSocket.prototype, 'isSessionReused').mockReturnValue(true);
  const exchange = await exchangeWith(server.port);
  expect(exchange.failure?.kind).toBe('session_resumed');
  expect(server.seen).toEqual({});
});
