/** Every way to fail, by real servers: counted under its kind, and never fast. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'vitest';
import type { Endpoints, ErrorKind, ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import { delayed, endpointsAt, type Handler, startServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';
import { serverIdentity } from '../../support/tls.ts';

const ARRIVALS = 5;
const DEADLINE_MS = 1000;
const BOTH = ['list_certificates', 'nginx_handshake'] as const;

/** Runs both clients against the endpoints. */
async function fail(endpoints: Endpoints, deadlineMs = 5000): Promise<ScenarioResult[]> {
  const scenarios = BOTH.map((kind, index) =>
    plannedScenario({
      kind,
      arrivals: ARRIVALS,
      periodNs: 10e6,
      firstNs: index * 5e6,
      deadlineMs,
    }),
  );
  const { scenarios: results } = await run({ plan: planOf(...scenarios), endpoints });
  return BOTH.map((kind) => results[kind] as ScenarioResult);
}

/** A TCP server that does this with each connection. */
async function startTcp(does: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    does(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoints: endpointsAt((server.address() as AddressInfo).port),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const answers: [string, Handler, ErrorKind[]][] = [
  ['status 500', (_, response) => response.writeHead(500).end(), ['http_5xx', 'http_5xx']],
  ['status 429', (_, response) => response.writeHead(429).end(), ['http_4xx', 'http_4xx']],
  ['a redirect', (_, response) => response.writeHead(302).end(), ['other', 'other']],
  ['no answer but a reset', (request) => request.socket.destroy(), ['reset', 'reset']],
  [
    'an answer cut short',
    (request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => request.socket.destroy(), 20);
    },
    ['reset', 'reset'],
  ],
];

test.concurrent.for(answers)('%s', async ([, handler, kinds], { expect }) => {
  await using server = await startServer(handler);
  const results = await fail(server.endpoints);
  expect(results.map(({ counts }) => counts.failedByKind)).toEqual(
    kinds.map((kind) => ({ [kind]: ARRIVALS })),
  );
  for (const { counts, trends, errorSamples } of results) {
    expect(counts).toMatchObject({ offered: ARRIVALS, sent: ARRIVALS, failed: ARRIVALS });
    expect(trends.response_time.totalCount).toBe(ARRIVALS);
    expect(errorSamples[0]?.message).toBeTruthy();
  }
});

test.concurrent('an answer of the wrong shape is bad_body; a target may answer anything', async ({
  expect,
}) => {
  await using server = await startServer((_, response) => response.end('<html>'));
  const [api, target] = await fail(server.endpoints);
  expect(api?.counts.failedByKind).toEqual({ bad_body: ARRIVALS });
  expect(api?.errorSamples).toEqual([{ kind: 'bad_body', message: 'the answer is not a JSON object' }]);
  expect(target?.counts.completed).toBe(ARRIVALS);
});

test.concurrent('a timeout counts with no less than its deadline', async ({ expect }) => {
  await using server = await startServer(delayed(DEADLINE_MS * 3));
  for (const { counts, trends } of await fail(server.endpoints, DEADLINE_MS)) {
    expect(counts.failedByKind).toEqual({ timeout: ARRIVALS });
    // The lower end of a bucket of the histogram may be 0.1 % below.
    for (const trend of [trends.response_time, trends.service_time]) {
      expect(trend.getValueAtPercentile(0)).toBeGreaterThanOrEqual(DEADLINE_MS * 999);
    }
    expect(trends.http_req_waiting.totalCount).toBe(ARRIVALS);
  }
});

test.concurrent('nobody listens: connect_refused', async ({ expect }) => {
  const { endpoints, ...tcp } = await startTcp(() => {});
  await tcp[Symbol.asyncDispose]();
  for (const { counts, negotiated, trends } of await fail(endpoints)) {
    expect(counts.failedByKind).toEqual({ connect_refused: ARRIVALS });
    expect(negotiated.connections).toBe(0);
    expect(trends.http_req_duration.totalCount).toBe(0);
  }
});

test.concurrent('a certificate of another CA: untrusted_certificate', async ({ expect }) => {
  await using server = await startServer();
  const { ca } = await serverIdentity('other.test');
  for (const { counts } of await fail({ ...server.endpoints, ca })) {
    expect(counts.failedByKind).toEqual({ untrusted_certificate: ARRIVALS });
  }
  expect(server.seen).toEqual({});
});

test.concurrent('a certificate for another name: untrusted_certificate', async ({ expect }) => {
  await using server = await startServer();
  const { endpoints } = server;
  const servername = 'other.test';
  const nginx = { host: '127.0.0.1', port: server.port, servername };
  const api = { url: `https://127.0.0.1:${server.port}`, token: 'secret', servername };
  for (const { counts } of await fail({ ...endpoints, api, targets: { nginx } })) {
    expect(counts.failedByKind).toEqual({ untrusted_certificate: ARRIVALS });
  }
});

test.concurrent('a server that does not speak TLS: tls', async ({ expect }) => {
  await using tcp = await startTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
  for (const { counts } of await fail(tcp.endpoints)) {
    expect(counts.failedByKind).toEqual({ tls: ARRIVALS });
  }
});

test.concurrent('a server that accepts and is silent: timeout, in the TLS phase', async ({ expect }) => {
  await using tcp = await startTcp(() => {});
  for (const { counts, trends } of await fail(tcp.endpoints, DEADLINE_MS)) {
    expect(counts.failedByKind).toEqual({ timeout: ARRIVALS });
    expect(trends.http_req_tls_handshaking.getValueAtPercentile(50)).toBeGreaterThan(300_000);
    expect(trends.http_req_sending.totalCount).toBe(0);
  }
});
