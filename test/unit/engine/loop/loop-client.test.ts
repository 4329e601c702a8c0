import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createF5Server } from '../../../../fixtures/f5-mock/server.ts';
import { type Authority, createAuthority, type Issued } from '../../../../fixtures/tls-init/authority.ts';
import { clockFrom } from '../../../../runner/engine/clock.ts';
import { Exchange } from '../../../../runner/engine/exchange.ts';
import { beginRenewal } from '../../../../runner/engine/loop/begin.ts';
import { LoopClient } from '../../../../runner/engine/loop/loop-client.ts';
import { shownCertificate } from '../../../../runner/engine/loop/probe.ts';
import type { LoopRecord } from '../../../../runner/engine/loop/record.ts';
import { SitePool } from '../../../../runner/engine/loop/site-pool.ts';
import type { LoopRow } from '../../../../runner/engine/loop/stage.ts';
import { stageLimits } from '../../../../runner/plan/loop.ts';

const REQUEST = { method: 'POST' as const, path: '/api/v1/certificates/bulk-renew' };
const SITES = [
  { servername: 'one.test', certificate: 'mc-1', target: 'tgt-1' },
  { servername: 'two.test', certificate: 'mc-2', target: 'tgt-2' },
];

let authority: Authority;
let starter: Issued;
let server: Server;
let port: number;

beforeAll(async () => {
  authority = await createAuthority();
  starter = await authority.issue('starter', [{ type: 'dns', value: 'one.test' }]);
  server = createF5Server({ cert: starter.certificate, key: starter.key }, () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

let listeners: Map<string, (row: LoopRow, ageMs: number) => void>;
let records: LoopRecord[];
let bodies: string[];
let answer: (call: Exchange) => void;
let pool: SitePool;
let client: LoopClient;
const context = createSecureContext();
const clock = clockFrom(process.hrtime.bigint());

beforeEach(() => {
  server.setSecureContext({ cert: starter.certificate, key: starter.key });
  listeners = new Map();
  records = [];
  bodies = [];
  pool = new SitePool(SITES);
  let jobs = 0;
  answer = (call) => {
    jobs += 1;
    call.status = 200;
    const id = `job-${jobs}`;
    call.readBody = () => JSON.stringify({ enqueued_jobs: [{ certificate_id: 'x', job_id: id }] });
    call.answered();
  };
  client = new LoopClient({
    ...{
      scenario: 'loops',
      name: 'nginx',
      pool,
      clock,
      deadlineMs: 90_000,
    },
    limits: stageLimits({}, { pollMs: 30_000, deadlineMs: 90_000, executor: 'constant-arrival-rate' }),
    begin: beginRenewal,
    close: () => {},
    look: (servername) => shownCertificate({ host: '127.0.0.1', port }, servername, context),
    api: {
      send: ({ body = '' }, call) => {
        bodies.push(body);
        answer(call);
      },
      close: () => {},
    },
    watcher: {
      add: (renewal, listener) => void listeners.set(renewal, listener),
      remove: (renewal) => void listeners.delete(renewal),
      problem: undefined,
    },
    record: (record) => records.push(record),
  });
});

/** Sends a loop; what certctl answers at once has been heard. */
async function send() {
  const ended = Promise.withResolvers<Exchange>();
  const exchange = new Exchange(clock(), clock, ended.resolve);
  client.send(REQUEST, exchange);
  await setImmediate();
  return { exchange, ended: ended.promise };
}

const fingerprintOf = ({ certificate }: Issued) =>
  new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
const row = (changes: Partial<LoopRow>): LoopRow => ({
  ...{ renewal: 'job-1', renewal_status: 'Completed', renewal_error: null },
  ...{
    deployment: 'job-9',
    deployment_status: 'Pending',
    deployment_error: null,
    deployment_reported: true,
    agent_is_busy: false,
  },
  fingerprint: null,
  ...changes,
});
const tell = (changes: Partial<LoopRow>, ageMs = 0) => listeners.get('job-1')?.(row(changes), ageMs);

test('a loop is served when a fresh handshake shows what was issued, and its site is free again', async () => {
  const renewed = await authority.issue('renewed', []);
  const issued = fingerprintOf(renewed);
  const { exchange, ended } = await send();
  expect(JSON.parse(bodies[0] ?? '')).toEqual({ certificate_ids: ['mc-1'] });
  tell({ fingerprint: issued, deployment_status: 'Running' });
  await sleep(100);
  expect(exchange.ended).toBe(false);
  server.setSecureContext({ cert: renewed.certificate, key: renewed.key });
  const at = clock();
  expect(await ended).toMatchObject({ status: 200, failure: undefined });
  expect((exchange.endNs - at) / 1e6).toBeLessThan(500);
  expect(records).toMatchObject([
    { target: 'nginx', certificate: 'mc-1', renewal: 'job-1', deployment: 'job-9', issued, failure: null },
  ]);
  expect(records[0]?.probes).toBeGreaterThan(1);
  expect(listeners.size).toBe(0);
  expect([pool.take(), pool.take()].map((site) => site?.certificate)).toEqual(['mc-2', 'mc-1']);
});

test('the resolution is from the start of the last handshake that showed the old certificate to that of the first with the new one', async () => {
  const renewed = await authority.issue('renewed', []);
  const { ended } = await send();
  tell({ deployment: null, deployment_status: null }, 5000);
  tell({ fingerprint: fingerprintOf(renewed), deployment_status: 'Running' });
  await sleep(300);
  server.setSecureContext({ cert: renewed.certificate, key: renewed.key });
  await ended;
  const resolutionMs = (records[0]?.resolutionNs ?? Number.NaN) / 1e6;
  expect(resolutionMs).toBeGreaterThan(19);
  // Neither the 300 ms of looking, nor what certctl's rows said before.
  expect(resolutionMs).toBeLessThan(250);
});

test('where the first handshake shows it, the resolution is from the last query after which no agent was at it', async () => {
  const renewed = await authority.issue('renewed', []);
  const issued = { fingerprint: fingerprintOf(renewed) };
  const { ended } = await send();
  await sleep(100);
  server.setSecureContext({ cert: renewed.certificate, key: renewed.key });
  // One look at what it shows before is over, and certctl answered this 40 ms after it was asked.
  tell({ ...issued, deployment_status: 'Pending' }, 40);
  await sleep(60);
  tell({ ...issued, deployment_status: 'Running' });
  await ended;
  expect(records[0]?.probes).toBe(2);
  const resolutionMs = (records[0]?.resolutionNs ?? Number.NaN) / 1e6;
  expect(resolutionMs).toBeGreaterThan(99);
  expect(resolutionMs).toBeLessThan(1000);
});

test('an answer is read when it comes: whoever waited for its connection has it next', async () => {
  const accept = answer;
  answer = (call) => {
    accept(call);
    call.readBody = () => '';
  };
  const { exchange } = await send();
  expect([exchange.failure, [...listeners.keys()]]).toEqual([undefined, ['job-1']]);
});

test('never are two loops on one site: without a free one the client is busy', async () => {
  await send();
  expect(client.isBusy).toBe(false);
  await send();
  expect(bodies.map((body) => JSON.parse(body).certificate_ids[0])).toEqual(['mc-1', 'mc-2']);
  expect(client.isBusy).toBe(true);
});

test('the site is not probed before an agent may be deploying', async () => {
  await send();
  tell({ renewal_status: 'AwaitingCSR', deployment: null, deployment_status: null });
  await sleep(100);
  const { exchange } = await send();
  exchange.abandon();
  // One look at what it shows before.
  expect(records[0]?.probes).toBe(1);
});

test.each([
  ['no job in the answer', 200, '{"total_skipped":1}', /not accepted: status 200: \{"total_skipped":1\}/],
  ['an error', 500, 'Bulk renewal failed', /status 500: Bulk renewal failed/],
])('%s is not_accepted, and the site is free again', async (_, status, body, message) => {
  answer = (call) => {
    call.status = status;
    call.readBody = () => body;
    call.answered();
  };
  const { exchange } = await send();
  expect(exchange.failure).toEqual({ kind: 'not_accepted', message: expect.stringMatching(message) });
  expect(client.isBusy).toBe(false);
  expect([pool.take(), pool.take()].map((site) => site?.certificate)).toEqual(['mc-2', 'mc-1']);
});

test('a deployment that failed ends the loop at once, and its site is given to no other', async () => {
  const { exchange } = await send();
  tell({ deployment_status: 'Failed', deployment_error: 'nginx -t failed' });
  expect(exchange.failure?.kind).toBe('deploy_failed');
  expect(records[0]?.failure).toBe('deploy_failed');
  expect([pool.take(), pool.take()].map((site) => site?.certificate)).toEqual(['mc-2', undefined]);
});

test('at its deadline a loop is called by where it stopped', async () => {
  const { exchange } = await send();
  tell({ renewal_status: 'AwaitingCSR', deployment: null, deployment_status: null });
  exchange.timedOut(1000);
  expect(exchange.failure?.kind).toBe('no_csr');
  expect(listeners.size).toBe(0);
});

test('one that was cut off is unfinished', async () => {
  const { exchange } = await send();
  exchange.abandon();
  expect(records[0]).toMatchObject({ failure: 'unfinished', renewal: 'job-1', resolutionNs: null });
});

test('a site that shows neither the old nor the issued certificate shows a wrong one', async () => {
  const other = await authority.issue('other', []);
  const { exchange } = await send();
  await vi.waitFor(() => tell({ deployment_status: 'Completed', fingerprint: 'never' }));
  await sleep(60);
  server.setSecureContext({ cert: other.certificate, key: other.key });
  await sleep(100);
  exchange.timedOut(1000);
  expect(exchange.failure).toEqual({
    kind: 'wrong_certificate',
    message: `the site shows ${fingerprintOf(other)}, issued is never; the deadline of a loop is 90000 ms`,
  });
});
