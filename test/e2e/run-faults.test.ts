/** What breaks below a run that has begun: it ends in time, and its results say what happened and when. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ScenarioSummary, Summary } from '../../runner/result/summary-schema.ts';
import type { Engine } from '../../runner/setup/engine.ts';
import { Checkout } from '../support/checkout.ts';
import { startServer } from '../support/https-server.ts';
import { bench, CLEAN, startBench } from './support/cli.ts';
import { containersOf, docker, startEngine } from './support/engine.ts';
import { profileFile, shortProfile } from './support/profiles.ts';
import { directoryOf, readSummary } from './support/results.ts';
import { expectVerdict } from './support/verdict.ts';

const STACK = `run-faults-${process.pid}`;
const SECONDS = 20;
const API = ['issuance_acceptance', 'list_certificates'];
const profile = shortProfile('run-faults', SECONDS, {
  error_rate: ['rate==0'],
  'response_time{scenario:list_certificates}': ['p(99)<2000'],
});

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  const { exitCode, stderr } = await bench('up', '--stack', STACK);
  expect(exitCode, stderr).toBe(0);
});
afterAll(async () => {
  const { exitCode, stderr } = await bench('down', '--stack', STACK);
  expect(exitCode, stderr).toBe(0);
});

/** Does something to a service three seconds into the load. */
async function load(service: string, strike: (container: string) => Promise<unknown>): Promise<Summary> {
  const { [service]: container = '' } = await containersOf(engine, STACK);
  const started = performance.now();
  const running = startBench(['load', '--stack', STACK, '--profile', profile]);
  await running.said(/^Profile run-faults/m);
  await sleep(3000);
  await strike(container);
  const ended = await running.ended;
  expect(ended).toMatchObject(CLEAN);
  expect(performance.now() - started).toBeLessThan((SECONDS + 30 + 30) * 1000);
  const summary = readSummary(directoryOf(ended));
  expectVerdict(ended, summary, 'BREACHED');
  for (const [name, { counts }] of Object.entries(summary.scenarios)) {
    const { offered, completed, failed, dropped, unfinished } = counts;
    expect(offered, name).toBe(SECONDS * 10);
    expect(completed + failed + dropped + unfinished, name).toBe(offered);
  }
  return summary;
}

const api = ({ scenarios }: Summary) => API.map((name) => scenarios[name] as ScenarioSummary);
const others = ({ scenarios }: Summary) =>
  Object.entries(scenarios).flatMap(([name, one]) => (API.includes(name) ? [] : [one]));

test('PostgreSQL stands still for ten seconds: every arrival that was due in them has waited', async () => {
  const summary = await load('postgres', async (container) => {
    await docker(engine, 'pause', container);
    await sleep(10_000);
    await docker(engine, 'unpause', container);
  });
  for (const { counts, response_time, send_lag, series } of api(summary)) {
    // Who opened a connection to it meanwhile may have given up: that is an answer too.
    expect(Object.keys(counts.failedByKind).filter((kind) => kind !== 'http_5xx')).toEqual([]);
    expect(counts.completed).toBeGreaterThan(SECONDS * 9);
    // From the intended start; a tenth of a second may pass until the pause is noticed.
    expect(response_time.max).toBeGreaterThan(9500);
    expect(response_time.p90).toBeGreaterThan(5000);
    expect(send_lag.p50).toBeLessThan(100);
    // Nothing ended in its middle, and sends went on.
    const silent = series.filter(({ completed, failed }) => completed + failed === 0);
    expect(silent.length).toBeGreaterThanOrEqual(8);
    for (const { sent } of silent.filter(({ second }) => second < SECONDS)) expect(sent).toBe(10);
  }
  // The targets have no database.
  for (const { counts } of others(summary)) expect(counts.completed).toBe(SECONDS * 10);
});

test('certctl is killed: failures by kind in each second from then on', async () => {
  const summary = await load('certctl', (container) => docker(engine, 'kill', container));
  for (const { counts, series } of api(summary)) {
    expect(counts.completed).toBeGreaterThan(0);
    expect(Object.keys(counts.failedByKind).filter((kind) => kind !== 'reset')).toEqual(['connect_refused']);
    for (const { completed, failed, failedByKind } of series.slice(SECONDS / 2, SECONDS)) {
      expect(completed).toBe(0);
      expect(failedByKind).toEqual({ connect_refused: failed });
    }
  }
  for (const { counts } of others(summary)) expect(counts.completed).toBe(SECONDS * 10);
});

test('the results cannot be written any more: 3, and the summary comes on stdout', async () => {
  await using server = await startServer();
  const checkout = new Checkout(engine.host);
  onTestFinished(() => checkout.remove());
  const short = profileFile(
    'short',
    `
name: short
scenarios:
  nginx_handshake: { executor: constant-arrival-rate, rate: 10, duration: 3s, maxVUs: 300 }
`,
  );
  const args = ['load', '--profile', short, '--insecure', '--target', `nginx=127.0.0.1:${server.port}`];
  const running = checkout.run(args);
  while (server.connections === 0) await sleep(20);
  // The load has begun: what was made sure of before is no longer so.
  const results = checkout.path('results');
  expect(existsSync(results)).toBe(true);
  renameSync(results, `${results}.away`);
  writeFileSync(results, 'no folder');
  const { code, stdout, stderr } = await running;
  expect(code).toBe(3);
  expect(JSON.parse(stdout).scenarios.nginx_handshake.counts).toMatchObject({ offered: 30, completed: 30 });
  expect(stderr).toMatch(/^bench: cannot write the results to .*results.*free space there/m);

  // And where it is so from the beginning, nothing is sent.
  const before = server.connections;
  const refused = await checkout.run(args);
  expect(refused).toMatchObject({ code: 3, stdout: '' });
  expect(refused.message).toMatch(/^cannot write the results to /);
  expect(server.connections).toBe(before);
});
