/** Against a server that keeps what it is sent, as a Pushgateway does. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { pushOption, pushTarget } from '../../../runner/commands/push-option.ts';
import type { Progress } from '../../../runner/engine/contract.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { pushTo } from '../../../runner/push/push.ts';
import { summaryOf } from '../report/support.ts';

interface Sent {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function gateway(status = 200): Promise<{ url: string; sent: Sent[] }> {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    sent.push({ method, path: url, headers, body: await text(request) });
    response.writeHead(status).end('the gateway says no');
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://me:word@127.0.0.1:${(server.address() as AddressInfo).port}/base`, sent };
}

const at = (elapsedMs: number): Progress => ({
  elapsedMs,
  totalMs: 20_000,
  scenarios: [
    {
      name: 'nginx_handshake',
      counts: { offered: 9, completed: 5, failed: 1, failedByKind: {}, dropped: 1, unfinished: 0, sent: 8 },
      ...{ inFlight: 2, rate: 3, p50: 12.5, p95: null, p99: null },
    },
  ],
});

const profile = await loadProfile('smoke', [], {});

test('every five seconds, and the verdict in the end; each replaces the group of the profile', async () => {
  const { url, sent } = await gateway();
  const said: string[] = [];
  const push = pushTo({ url, profile, say: (line) => said.push(line) });
  for (let ms = 1000; ms <= 12_000; ms += 1000) push.update(at(ms));
  await push.end(await summaryOf());

  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array.from({ length: 4 }, () => 'PUT /base/metrics/job/certctl_bench/profile/smoke'),
  );
  expect(sent[0]?.headers).toMatchObject({
    'content-type': expect.stringContaining('application/openmetrics-text'),
    authorization: `Basic ${btoa('me:word')}`,
  });
  const lines = sent.map(({ body }) => body.split('\n'));
  expect(
    lines.map((one) => one.find((line) => line.startsWith('certctl_bench_run_elapsed_seconds '))),
  ).toEqual([
    'certctl_bench_run_elapsed_seconds 1',
    'certctl_bench_run_elapsed_seconds 6',
    'certctl_bench_run_elapsed_seconds 11',
    undefined,
  ]);
  const of = 'scenario="nginx_handshake",target_type="nginx"';
  expect(lines[0]).toEqual(
    expect.arrayContaining([
      `certctl_bench_arrivals{${of},fate="completed"} 5`,
      `certctl_bench_in_flight{${of}} 2`,
      `certctl_bench_response_time_seconds{${of},quantile="0.5"} 0.0125`,
    ]),
  );
  expect(lines[0]?.join('\n')).not.toMatch(/quantile="0.95"|null|NaN/);
  expect(lines[3]).toContain('certctl_bench_run_passed 1');
  for (const { body } of sent) expect(body).toMatch(/# EOF\n$/);
  expect(said).toEqual([]);
});

test('what fails is told once and counted, and nothing throws', async () => {
  const { url } = await gateway(500);
  const said: string[] = [];
  const push = pushTo({ url, profile, say: (line) => said.push(line) });
  push.update(at(1000));
  push.update(at(7000));
  await push.end(await summaryOf());
  expect(said).toEqual([
    expect.stringMatching(/^--push http:\/\/127\.0\.0\.1:\d+\/base: push failed with status 500/),
    '3 of 3 pushes of metrics failed.',
  ]);
});

test('a gateway that is not there', async () => {
  const said: string[] = [];
  const push = pushTo({ url: 'http://127.0.0.1:1', profile, say: (line) => said.push(line) });
  await push.end(await summaryOf());
  expect(said[0]).toContain('ECONNREFUSED');
});

test('flag before environment; user and password only in the environment', () => {
  const BENCH_PUSH = 'https://me:word@gateway:9091/';
  expect(pushTarget('http://other', { BENCH_PUSH })).toBe('http://other');
  expect(pushTarget(undefined, { BENCH_PUSH })).toBe('https://me:word@gateway:9091');
  expect(pushTarget(undefined, {})).toBeUndefined();
  expect(() => pushTarget(undefined, { BENCH_PUSH: 'word@gateway' })).toThrow(
    /^BENCH_PUSH: must be(?!.*word)/,
  );
  expect(() => pushOption().parseArg?.('http://me:word@gateway', undefined)).toThrow(/BENCH_PUSH/);
});
