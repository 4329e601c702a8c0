/** HTTP/2 to the API, by real servers. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { constants, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import { certctl, delayed, endpointsAt, type Handler, startServer } from '../../support/https-server.ts';
import type { PlannedParts } from '../../support/plans.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';

const both = (handler?: Handler) => startServer(handler, { allowHTTP1: true });

/** What HTTP/2 has beside the interface that it shares with HTTP/1.1. */
const streamOf = (request: IncomingMessage) =>
  (request as unknown as { stream: ServerHttp2Stream & { session: Http2Session } }).stream;

async function load(endpoints: ReturnType<typeof endpointsAt>, parts: PlannedParts = {}) {
  const plan = planOf(plannedScenario({ httpVersion: 2, ...parts }));
  const { scenarios } = await run({ plan, endpoints });
  return scenarios.list_certificates as ScenarioResult;
}

test.concurrent('requests share one connection, and what was negotiated is h2', async ({ expect }) => {
  await using server = await both(delayed(100));
  const { counts, negotiated, trends, dataReceived } = await load(server.endpoints, { periodNs: 5e6 });
  expect(counts).toMatchObject({ offered: 50, sent: 50, completed: 50 });
  expect(server.seen).toEqual({ 'GET /api/v1/certificates': 50 });
  expect(server.connections).toBe(1);
  expect(negotiated).toMatchObject({ connections: 1, alpn: { h2: 1 } });
  for (const [metric, { totalCount }] of Object.entries(trends))
    expect(totalCount, metric).toBe(metric.startsWith('deploy_') ? 0 : 50);
  // One after the other they would take five seconds.
  expect(trends.service_time.getValueAtPercentile(100) / 1000).toBeLessThan(3000);
  expect(dataReceived).toBeGreaterThan(50 * 50);
});

test.concurrent('without the option HTTP/1.1 is spoken to a server that has both', async ({ expect }) => {
  await using server = await both();
  const { counts, negotiated } = await load(server.endpoints, { httpVersion: 1.1 });
  expect(counts.completed).toBe(50);
  expect(Object.keys(negotiated.alpn)).toEqual(['http/1.1']);
});

test.concurrent('bodies are sent, and answers are checked', async ({ expect }) => {
  await using server = await both();
  const planned = plannedScenario({ kind: 'issuance_acceptance', httpVersion: 2, arrivals: 20 });
  const { scenarios } = await run({ plan: planOf(planned), endpoints: server.endpoints });
  expect(scenarios.issuance_acceptance?.counts).toMatchObject({ completed: 20, failed: 0 });
  await using html = await both((_, response) => response.end('<html>'));
  expect((await load(html.endpoints, { arrivals: 5 })).counts.failedByKind).toEqual({ bad_body: 5 });
});

test.concurrent('a hundred streams fill a connection, and the next request opens another', async ({
  expect,
}) => {
  await using server = await both(delayed(1500));
  const { counts, negotiated } = await load(server.endpoints, { arrivals: 150, periodNs: 2e6 });
  expect(counts.completed).toBe(150);
  expect(negotiated.connections).toBe(2);
});

test.concurrent('a deadline ends its stream alone', async ({ expect }) => {
  let seen = 0;
  await using server = await both((request, response) => {
    if (++seen % 5 !== 0) certctl(request, response);
  });
  const { counts, negotiated } = await load(server.endpoints, { deadlineMs: 2000 });
  expect(counts).toMatchObject({ completed: 40, failedByKind: { timeout: 10 } });
  expect(negotiated.connections).toBe(1);
});

test.concurrent('streams that the server resets are resets, and their connection stays', async ({
  expect,
}) => {
  let seen = 0;
  await using server = await both((request, response) => {
    if (++seen % 5 !== 0) certctl(request, response);
    else streamOf(request).close(constants.NGHTTP2_INTERNAL_ERROR);
  });
  const { counts, negotiated } = await load(server.endpoints);
  expect(counts).toMatchObject({ completed: 40, failedByKind: { reset: 10 } });
  expect(negotiated.connections).toBe(1);
});

test.concurrent('a connection that is lost takes its requests with it, and the next one opens another', async ({
  expect,
}) => {
  let seen = 0;
  await using server = await both((request, response) => {
    if (++seen === 20) streamOf(request).session.destroy();
    else certctl(request, response);
  });
  // So far apart that few are in flight, on a busy machine as well.
  const { counts, negotiated } = await load(server.endpoints, { periodNs: 50e6 });
  expect(counts.failedByKind).toEqual({ reset: counts.failed });
  expect(counts.failed).toBeGreaterThan(0);
  expect(counts.completed).toBeGreaterThan(40);
  expect(counts.completed + counts.failed).toBe(50);
  expect(negotiated.connections).toBe(2);
});

test.concurrent.for([
  ['HTTP/1.1 only, and says so', {}],
  ['no ALPN', { ALPNProtocols: [] }],
] as const)('a server with %s: each arrival fails, and nothing is asked', async ([, options], { expect }) => {
  await using server = await startServer(certctl, options);
  const { counts, errorSamples } = await load(server.endpoints, { arrivals: 5 });
  expect(counts.failedByKind).toEqual({ tls: 5 });
  expect(errorSamples).toEqual([{ kind: 'tls', message: 'the server does not offer HTTP/2' }]);
  expect(server.seen).toEqual({});
});

test('a server that accepts and is silent: each has its own deadline, and nothing is left', async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoints = endpointsAt((server.address() as AddressInfo).port);
  const { counts, trends } = await load(endpoints, { deadlineMs: 400 });
  expect(counts.failedByKind).toEqual({ timeout: 50 });
  expect(trends.response_time.getValueAtPercentile(0) / 1000).toBeGreaterThanOrEqual(399);
  expect(trends.response_time.getValueAtPercentile(100) / 1000).toBeLessThan(2000);
  await expect.poll(() => sockets.size).toBe(0);
  server.close();
});
