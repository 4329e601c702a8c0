/** How a loadtest ends when not all is well: with the exit code that says so, and nothing left behind. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../runner/setup/engine.ts';
import { bench, CLEAN, type Ended, stackOf, startBench } from './support/cli.ts';
import { answers, startEngine } from './support/engine.ts';
import { leftovers, type Snapshot, snapshot } from './support/leftovers.ts';
import { profileFile, shortProfile } from './support/profiles.ts';
import { directoryOf, readJson, readSummary } from './support/results.ts';
import { expectVerdict } from './support/verdict.ts';

const THRESHOLDS = {
  'response_time{scenario:issuance_acceptance}': ['p(95)<250', 'p(99)<5000'],
  'response_time{scenario:list_certificates}': ['p(95)<250'],
  'response_time{scenario:nginx_handshake}': ['p(95)<5000'],
  error_rate: ['rate<0.01'],
};
const short = shortProfile('short', 3, THRESHOLDS);
const long = shortProfile('long', 120);
const bad = profileFile(
  'bad',
  `
name: bad
scenarios:
  list_certificates: { executor: burst, rate: 5, duration: 3s, maxVUs: 10 }
  nginx_handshake: { executor: constant-arrival-rate, rate: 0, duration: soon, maxVUs: 10 }
thresholds:
  response_time: ["p(950)<1"]
`,
);

let engine: Engine;
let before: Snapshot;

beforeEach(async () => {
  engine = await startEngine();
  before = await snapshot(engine);
});

async function expectNothingLeft(ended: Ended): Promise<void> {
  expect(ended).toMatchObject(CLEAN);
  expect(await answers(engine)).toBe(true);
  expect(await leftovers(engine, before, stackOf(ended))).toEqual([]);
}

test('a slow stand-in: 99, and the report names what was breached', async () => {
  const ended = await bench('loadtest', '--profile', short, '-c', 'standInFaults={"delayMs":300}');
  const directory = directoryOf(ended);
  const summary = readSummary(directory);
  // However slow a subject is, it does not make a run INVALID: only the machine may.
  expectVerdict(ended, summary, 'BREACHED');
  const breached = summary.thresholds.filter(({ ok }) => !ok);
  expect(breached.map(({ metric, expression }) => `${metric}  ${expression}`)).toEqual([
    'response_time{scenario:issuance_acceptance}  p(95)<250',
    'response_time{scenario:list_certificates}  p(95)<250',
  ]);
  expect(summary.scenarios.issuance_acceptance?.service_time.min).toBeGreaterThanOrEqual(299);
  const text = readFileSync(join(directory, 'summary.txt'), 'utf8');
  if (summary.validity?.verdict === 'VALID') expect(text).toMatch(/^BREACHED {2}2 of 6 thresholds$/m);
  for (const { metric, expression } of breached) expect(text).toContain(`✗ ${metric}  ${expression}\n`);
  const outputs = readJson(join(directory, 'stack-outputs.json'));
  expect(outputs.result.verdict).toBe(summary.verdict);
  expect(outputs.result.breached).toHaveLength(2);
  await expectNothingLeft(ended);
});

test('a threshold with abortOnFail ends the run where the generator stands: 99, long before its plan is over', async () => {
  const impatient = profileFile(
    'impatient',
    `
extends: ${long}
name: impatient
thresholds:
  response_time: [{ threshold: "p(95)<0.001", abortOnFail: true, delayAbortEval: 2s }]
`,
  );
  const ended = await bench('loadtest', '--profile', impatient, '--generator', 'engine');
  const directory = directoryOf(ended);
  const summary = readSummary(directory);
  expectVerdict(ended, summary, 'BREACHED');
  expect(summary.run).toMatchObject({
    interrupted: false,
    aborted: { metric: 'response_time', expression: 'p(95)<0.001' },
  });
  expect(summary.run.durationMs).toBeLessThan(10_000);
  const due = summary.validity?.rules.find(({ rule }) => rule === 'arrivals_due');
  expect(due).toMatchObject({ judged: true, ok: true });
  const text = readFileSync(join(directory, 'summary.txt'), 'utf8');
  expect(text).toMatch(/response_time {2}p\(95\)<0\.001\n.* when it ended the run at \d\.\d s/);
  await expectNothingLeft(ended);
});

test('a maxVUs that is too small: 97, and the report names the rule and what to do', async () => {
  const few = profileFile(
    'few',
    `
name: few
scenarios:
  list_certificates: { executor: constant-arrival-rate, rate: 10, duration: 3s, maxVUs: 5, deadline: 1s }
thresholds:
  response_time: ["p(95)<0.001"]
`,
  );
  const ended = await bench('loadtest', '--profile', few);
  expect(ended.exitCode).toBe(97);
  const directory = directoryOf(ended);
  const summary = readSummary(directory);
  expect(summary).toMatchObject({ verdict: 'INVALID', validity: { verdict: 'INVALID' } });
  const rule = summary.validity?.rules.find((one) => one.rule === 'max_vus');
  expect(rule).toMatchObject({ of: 'list_certificates', value: 5, limit: 10, ok: false });
  const text = readFileSync(join(directory, 'summary.txt'), 'utf8');
  expect(text).toMatch(/^INVALID .*1 of 2 thresholds not met\)\n/);
  expect(text).toMatch(/✗ max_vus\n +5 of list_certificates, limit 10 .*raise\s+maxVUs/s);
  const { result } = readJson(join(directory, 'stack-outputs.json'));
  expect(result).toMatchObject({ verdict: 'INVALID', invalid: expect.arrayContaining(['max_vus']) });
  await expectNothingLeft(ended);
});

test('a certctl that dies at its start: 3 with its last words, long before a gate would give up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(join(folder, 'migrations/1.up.sql'), 'SELECT 1;\n');
  const server = join(folder, 'server');
  writeFileSync(server, '#!/bin/sh\necho "this one always dies" >&2\nexit 2\n', { mode: 0o755 });
  const started = performance.now();
  const subject = ['-c', `subjectBinary=${server}`, '-c', `subjectMigrations=${join(folder, 'migrations')}`];
  const ended = await bench('loadtest', '--profile', short, ...subject);
  expect(performance.now() - started).toBeLessThan(55_000);
  expect(ended).toMatchObject({ exitCode: 3, stdout: '' });
  expect(ended.stderr).toMatch(/^bench: up failed: certctl exited with code 2\b.*this one always dies/ms);
  await expectNothingLeft(ended);
});

test('a bad profile: 2 with every problem, and nothing is begun', async () => {
  const ended = await bench('loadtest', '--profile', bad);
  expect(ended).toMatchObject({ exitCode: 2, stdout: '', ...CLEAN });
  const [headline, ...problems] = ended.stderr.split('\n');
  expect(headline).toBe(`bench: the profile ${bad} has ${problems.length} problems:`);
  for (const place of [
    'list_certificates.executor',
    'nginx_handshake.rate',
    'nginx_handshake.duration',
    'thresholds.response_time.0: percentile 950',
  ]) {
    expect(problems.join('\n')).toContain(place);
  }
  expect([...(await snapshot(engine)).keys()].filter((name) => !before.has(name))).toEqual([]);
});

test('a config key that is not there: 2, and nothing is begun', async () => {
  const ended = await bench('loadtest', '--profile', short, '-c', 'nonsense=1');
  expect(ended).toMatchObject({ exitCode: 2, stdout: '', ...CLEAN });
  expect(ended.stderr).toMatch(/^bench: --config "nonsense=1": must be key=value with a key of subject, /);
});

test('Ctrl-C during the load: 130, with what was measured until then', async () => {
  const running = startBench(['loadtest', '--profile', long]);
  await running.said(/^Profile long$/m);
  await sleep(4000);
  running.signal('SIGINT', 'group');
  const ended = await running.ended;
  expect(ended.exitCode).toBe(130);
  const directory = directoryOf(ended);
  const summary = readSummary(directory);
  expect(summary).toMatchObject({ verdict: 'INTERRUPTED', run: { interrupted: true } });
  for (const [name, { counts }] of Object.entries(summary.scenarios)) {
    const { offered, completed, failed, dropped, unfinished } = counts;
    expect(completed + failed + dropped + unfinished, name).toBe(offered);
    expect(completed, name).toBeGreaterThan(0);
    expect(offered, name).toBeLessThan(1200);
  }
  const outputs = readJson(join(directory, 'stack-outputs.json'));
  expect(outputs.result.verdict).toBe('INTERRUPTED');
  await expectNothingLeft(ended);
});

test.each([
  // As the terminal does it, and as `kill` and CI systems do it.
  { name: 'SIGINT', to: 'group', at: /^ {2}tls-init +ready/m, exitCode: 130 },
  { name: 'SIGTERM', to: 'process', at: /^ {2}postgres +ready/m, exitCode: 143 },
] as const)('$name to the $to while the stack comes up: $exitCode', async ({ name, to, at, exitCode }) => {
  const running = startBench(['loadtest', '--profile', long]);
  await running.said(at);
  running.signal(name, to);
  const ended = await running.ended;
  expect(ended).toMatchObject({ exitCode, stdout: '' });
  await expectNothingLeft(ended);
});
