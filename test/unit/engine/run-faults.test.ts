/** What goes wrong in the middle of a run: it ends in time, tells by kind and second, counts all and leaves nothing. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Endpoints, ErrorKind, RunResult, ScenarioResult } from '../../../runner/engine/contract.ts';
import { run } from '../../../runner/engine/run.ts';
import { certctl, endpointsAt, startServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';
import { startServerProcess } from '../../support/server-process.ts';

const BOTH = ['list_certificates', 'nginx_handshake'] as const;
const DEADLINE_MS = 1500;
const SECONDS = 4;

/** Four seconds of both clients. `inSecond` is done once, when so many seconds have passed. */
async function load(endpoints: Endpoints, inSecond: Record<number, () => unknown> = {}): Promise<RunResult> {
  const plan = planOf(
    ...BOTH.map((kind, index) =>
      plannedScenario({
        kind,
        arrivals: SECONDS * 50,
        firstNs: index * 5e6,
        deadlineMs: DEADLINE_MS,
        gracefulStopMs: 2000,
      }),
    ),
  );
  const started = performance.now();
  const result = await run({
    plan,
    endpoints,
    onProgress: ({ elapsedMs }) => void inSecond[Math.floor(elapsedMs / 1000)]?.(),
  });
  expect(performance.now() - started).toBeLessThan((SECONDS + 2 + 5) * 1000);
  for (const scenario of scenariosOf(result)) addsUp(scenario);
  return result;
}

const scenariosOf = ({ scenarios }: RunResult) => BOTH.map((kind) => scenarios[kind] as ScenarioResult);

function addsUp({ counts, series, trends }: ScenarioResult): void {
  const { offered, completed, failed, dropped, unfinished, failedByKind } = counts;
  expect(offered).toBe(SECONDS * 50);
  expect(completed + failed + dropped + unfinished).toBe(offered);
  expect(trends.response_time.totalCount).toBe(completed + failed);
  const byKind: Partial<Record<ErrorKind, number>> = {};
  for (const point of series) {
    for (const [kind, times] of Object.entries(point.failedByKind ?? {}) as [ErrorKind, number][])
      byKind[kind] = (byKind[kind] ?? 0) + times;
  }
  expect(byKind).toEqual(failedByKind);
}

/** Completed in the second. */
const completedIn = ({ series }: ScenarioResult, second: number) => series[second]?.completed ?? 0;

test.concurrent('the server is killed', async ({ expect }) => {
  await using server = await startServerProcess();
  const result = await load(server.endpoints, { 1: () => server.process.kill('SIGKILL') });
  for (const scenario of scenariosOf(result)) {
    const { failedByKind } = scenario.counts;
    expect(scenario.counts.unfinished).toBe(0);
    expect(Object.keys(failedByKind).filter((kind) => kind !== 'reset')).toEqual(['connect_refused']);
    expect(completedIn(scenario, 0)).toBeGreaterThan(0);
    expect(completedIn(scenario, 3)).toBe(0);
    expect(scenario.series[3]?.failedByKind).toEqual({ connect_refused: scenario.series[3]?.failed });
  }
});

test.concurrent('the server stops for two seconds, and goes on', async ({ expect }) => {
  await using server = await startServerProcess();
  const stall = async () => {
    server.process.kill('SIGSTOP');
    await sleep(2000);
    server.process.kill('SIGCONT');
  };
  const result = await load(server.endpoints, { 1: stall });
  for (const scenario of scenariosOf(result)) {
    const { counts, trends } = scenario;
    // What was due in the first half second of it was not answered within its deadline.
    expect(counts.failedByKind.timeout).toBeGreaterThan(0);
    expect(counts.completed).toBeGreaterThan(counts.offered / 4);
    expect(completedIn(scenario, 2)).toBe(0);
    expect(trends.response_time.getValueAtPercentile(100) / 1000).toBeGreaterThanOrEqual(DEADLINE_MS * 0.999);
  }
});

test.concurrent('the server resets everything for a while', async ({ expect }) => {
  let isBroken = false;
  await using server = await startServer((request, response) => {
    if (isBroken) for (const socket of server.sockets) socket.resetAndDestroy();
    else certctl(request, response);
  });
  const result = await load(server.endpoints, {
    1: () => {
      isBroken = true;
    },
    2: () => {
      isBroken = false;
    },
  });
  for (const scenario of scenariosOf(result)) {
    expect(Object.keys(scenario.counts.failedByKind)).toEqual(['reset']);
    expect(scenario.counts.failed).toBeGreaterThan(0);
    expect(completedIn(scenario, 3)).toBeGreaterThan(0);
  }
  await expect.poll(() => server.sockets.size).toBe(0);
});

test.concurrent('the wall clock jumps by an hour, there and back: nobody notices', async ({ expect }) => {
  await using server = await startServerProcess();
  // Of all threads of a process of its own.
  const jumping = `const now = Date.now, birth = now();
    Date.now = () => now() + (Math.floor((now() - birth) / 700) % 2 ? 3_600_000 : 0);`;
  const script = `
    import { run } from '${new URL('../../../runner/engine/run.ts', import.meta.url)}';
    const { plan, endpoints } = JSON.parse(process.env.JOB);
    const { scenarios, durationMs } = await run({ plan, endpoints });
    const [{ counts, trends, series }] = Object.values(scenarios);
    console.log(JSON.stringify({ counts, durationMs, seconds: series.length,
      maxUs: trends.response_time.getValueAtPercentile(100), minUs: trends.response_time.getValueAtPercentile(0) }));`;
  const plan = planOf(plannedScenario({ arrivals: 150 }));
  const imports = ['--import', `data:text/javascript,${encodeURIComponent(jumping)}`];
  const { stdout } = await execa(process.execPath, [...imports, '--eval', script], {
    env: { JOB: JSON.stringify({ plan, endpoints: server.endpoints }) },
  });
  const { counts, durationMs, seconds, maxUs, minUs } = JSON.parse(stdout);
  expect(counts).toMatchObject({ offered: 150, completed: 150 });
  expect(durationMs).toBeGreaterThan(2900);
  expect(durationMs).toBeLessThan(10_000);
  expect(seconds).toBeLessThan(10);
  expect(minUs).toBeGreaterThan(0);
  expect(maxUs).toBeLessThan(10_000_000);
});

/** What a TLS server does in place of its handshake. */
const broken: [string, (socket: Socket) => void, ErrorKind][] = [
  ['accepts and hangs', () => {}, 'timeout'],
  ['accepts and resets', (socket) => socket.resetAndDestroy(), 'reset'],
  // A record of a handshake of 122 octets, of which the first come (RFC 8446, 5.1).
  ['makes half a handshake and hangs', (socket) => halfHello(socket), 'timeout'],
  ['makes half a handshake and closes', (socket) => halfHello(socket, () => socket.end()), 'reset'],
];

function halfHello(socket: Socket, then = () => {}): void {
  socket.once('data', () => {
    socket.write(Buffer.from([0x16, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3, 1, 2, 3]));
    setTimeout(then, 20);
  });
}

test.concurrent.for(broken)('a target that %s', async ([, does, kind], { expect }) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
    does(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const result = await load(endpointsAt((server.address() as AddressInfo).port));
  for (const { counts, trends } of scenariosOf(result)) {
    // Few connections are opened at once: an arrival may get its turn just before its deadline.
    const { connect_timeout: late = 0, ...others } = counts.failedByKind;
    expect(others).toEqual({ [kind]: counts.offered - late });
    expect(late).toBeLessThan(counts.offered / 10);
    // It is in the handshake that they fail, and nothing was asked.
    expect(trends.http_req_tls_handshaking.totalCount).toBeGreaterThan(0);
    expect(trends.http_req_sending.totalCount).toBe(0);
  }
  await expect.poll(() => sockets.size).toBe(0);
  server.close();
});
