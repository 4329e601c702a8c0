/** One stack that stays: what its servers saw is what the summary says, and Pulumi typed by hand agrees. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BenchContract } from '../../infra/outputs.ts';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { brokenRules, type Summary } from '../../runner/result/summary-schema.ts';
import type { Engine } from '../../runner/setup/engine.ts';
import { bench, CLEAN, type Ended } from './support/cli.ts';
import { answers, containersOf, docker, startEngine } from './support/engine.ts';
import { leftovers, type Snapshot, snapshot, stackFiles } from './support/leftovers.ts';
import { type Pulumi, plainPulumi, pulumiUp } from './support/pulumi.ts';
import { directoryOf, readSummary } from './support/results.ts';
import { accessLog, certificateRows, servedFingerprint, standInRoutes } from './support/servers.ts';
import { expectVerdict } from './support/verdict.ts';

const stack = `e2e-${process.pid}`;
let engine: Engine;
let before: Snapshot;
let bringUp: Ended;
let load: Ended;
let contract: BenchContract;
let directory: string;
let summary: Summary;
let pulumi: Pulumi;

beforeAll(async () => {
  engine = await startEngine();
  before = await snapshot(engine);
  bringUp = await bench('up', '--stack', stack, '--json');
  contract = JSON.parse(bringUp.stdout);
  load = await bench('load', '--stack', stack, '--profile', 'smoke');
  directory = directoryOf(load);
  summary = readSummary(directory);
  pulumi = await plainPulumi();
});

afterAll(async () => {
  // Only where a test failed before it came to that.
  if (stackFiles(stack).length > 0) await bench('down', '--stack', stack);
});

const scenario = (name: string) => {
  const found = summary.scenarios[name];
  if (found === undefined) throw new Error(`the summary has no scenario ${name}`);
  return found;
};

test('up ends with 0, load passes, and they leave no process', () => {
  expect(bringUp).toMatchObject({ exitCode: 0, ...CLEAN });
  expect(load).toMatchObject(CLEAN);
  expectVerdict(load, summary, 'PASSED');
  expect(summary).toMatchObject({ profile: { name: 'smoke' }, environment: { stack } });
});

test('every arrival of the plan is accounted for', () => {
  const rates = { issuance_acceptance: 1000, list_certificates: 975 };
  const handshakes = Object.fromEntries(TARGET_NAMES.map((name) => [`${name}_handshake`, 31]));
  for (const [name, offered] of Object.entries({ ...rates, ...handshakes })) {
    expect(scenario(name).counts, name).toMatchObject({ offered, sent: offered, completed: offered });
  }
});

test.each(TARGET_NAMES)('%s logged each handshake of the summary, none of them resumed', async (target) => {
  const { counts, negotiated } = scenario(`${target}_handshake`);
  const { [target]: container = '' } = await containersOf(engine, stack);
  const log = await accessLog(engine, container);
  expect(log).toHaveLength(counts.sent);
  expect(negotiated).toMatchObject({ connections: counts.sent, sessionsReused: 0 });
  for (const line of log) {
    expect(line).toMatchObject({ method: 'GET', path: '/', status: 200, session_reused: false });
  }
  const tally = (key: 'protocol' | 'cipher') => {
    const groups = [...Map.groupBy(log, (line) => line[key])];
    return Object.fromEntries(groups.map(([value, lines]) => [value, lines.length]));
  };
  expect(tally('protocol')).toEqual(negotiated.protocol);
  expect(tally('cipher')).toEqual(negotiated.cipher);
  const served = await servedFingerprint(contract, target);
  expect(negotiated.fingerprint).toEqual({ [served]: counts.sent });
  expect(contract.issued?.target).toBe(served);
});

test('the stand-in counted each request of the summary, and what prepared the load', async () => {
  const issued = scenario('issuance_acceptance').counts;
  const listed = scenario('list_certificates').counts;
  // The gate asks for the version as often as it takes.
  const { 'GET /api/v1/version': _, ...routes } = await standInRoutes(contract);
  const one = (status: number) => ({ received: 1, answered: { [status]: 1 }, reset: 0 });
  expect(routes).toEqual({
    'POST /api/v1/certificates': { received: issued.sent, answered: { 201: issued.completed }, reset: 0 },
    // And the one that counts the certificates before the load.
    'GET /api/v1/certificates': {
      received: listed.sent + 1,
      answered: { 200: listed.completed + 1 },
      reset: 0,
    },
    'GET /api/v1/teams/{id}': one(404),
    'POST /api/v1/teams': one(201),
    'GET /api/v1/owners/{id}': one(404),
    'POST /api/v1/owners': one(201),
  });
});

test('PostgreSQL has a row for each completed issuance', async () => {
  const { postgres = '' } = await containersOf(engine, stack);
  expect(await certificateRows(engine, postgres)).toBe(scenario('issuance_acceptance').counts.completed);
});

test('pulumi stack output shows the contract, the verdict and the figures', async () => {
  const outputs = JSON.parse(await pulumi('stack', 'output', '--stack', stack, '--json'));
  const summaryJson = readFileSync(join(directory, 'summary.json'));
  expect(outputs).toEqual({
    bench: contract,
    apiKey: '[secret]',
    result: {
      run: summary.run.id,
      verdict: summary.verdict,
      profile: 'smoke',
      subject: contract.subject,
      summarySha256: createHash('sha256').update(summaryJson).digest('hex'),
      invalid: brokenRules(summary).map(({ rule }) => rule),
      breached: summary.thresholds.filter(({ ok }) => !ok).map((one) => `${one.metric}: ${one.expression}`),
      apiTier: summary.api_tier,
      connectorTier: summary.connector_tier,
    },
  });
});

test('pulumi up leaves every resource unchanged, time after time', async () => {
  for (const time of [1, 2, 3]) {
    const { counts, changed } = await pulumiUp(pulumi, stack);
    expect(counts, `time ${time}`).toEqual({ same: expect.any(Number) });
    expect(changed, `time ${time}`).toEqual([]);
  }
});

test('a subject that died since fails a load with 3, and pulumi up replaces what died and nothing else', async () => {
  const old = await containersOf(engine, stack);
  await docker(engine, 'kill', old.certctl ?? '', old.nginx ?? '');
  const refused = await bench('load', '--stack', stack, '--profile', 'smoke');
  expect(refused).toMatchObject({ exitCode: 3, stdout: '', ...CLEAN });
  expect(refused.stderr).toContain(`cannot reach the subject's API at ${contract.certctl.url}`);

  const { changed } = await pulumiUp(pulumi, stack);
  expect(changed).toEqual(['certctl-ready', 'certctl-server', 'nginx-ready', 'nginx-server']);
  const { certctl, nginx, ...others } = await containersOf(engine, stack);
  expect(old).toMatchObject(others);
  expect([old.certctl, old.nginx]).not.toContain(certctl);
  expect([old.certctl, old.nginx]).not.toContain(nginx);
  const { stdout } = await bench('status', '--stack', stack, '--json');
  const { services } = JSON.parse(stdout) as { services: { service: string; state: string }[] };
  const running = services.filter(({ state }) => state.startsWith('Up')).map(({ service }) => service);
  expect(running).toEqual(['apache', 'certctl', 'f5', 'haproxy', 'nginx', 'postgres']);
});

test('down leaves nothing; a private engine ends with its last stack, any other engine goes on', async () => {
  const down = await bench('down', '--stack', stack);
  expect(down).toMatchObject({ exitCode: 0, ...CLEAN });
  const goesOn = await answers(engine);
  const others = goesOn ? await docker(engine, 'ps', '--quiet', '--filter', 'label=certctl-bench.stack') : [];
  expect(goesOn).toBe(engine.kind === 'found' || others.length > 0);
  await startEngine();
  expect(await leftovers(engine, before, stack)).toEqual([]);
  expect(await bench('status', '--stack', stack)).toMatchObject({ exitCode: 2 });
});
