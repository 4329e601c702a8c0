/** One stack of its own that passes: what stays of it, and that no secret of it stays anywhere. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { contractSchema } from '../../infra/outputs.ts';
import { benchDir, resultsDir } from '../../runner/paths.ts';
import type { Engine } from '../../runner/setup/engine.ts';
import { CLEAN, type Ended, stackOf, startBench } from './support/cli.ts';
import { answers, startEngine } from './support/engine.ts';
import { leftovers, type Snapshot, snapshot } from './support/leftovers.ts';
import { watchCommandLines } from './support/processes.ts';
import { shortProfile } from './support/profiles.ts';
import { plainPulumi } from './support/pulumi.ts';
import { directoryOf, readJson, readSummary, textFiles } from './support/results.ts';
import { environments, labelsOf, logsOf, secretsOf, stateOf } from './support/secrets.ts';
import { expectVerdict } from './support/verdict.ts';

const profile = shortProfile('passing', 8);
let engine: Engine;
let before: Snapshot;
let ended: Ended;
let stack: string;
let directory: string;
let secrets: Record<string, string>;
/** What must hold none of them, by what it is. */
const places: Record<string, string> = {};
/** Where they are. */
let inside: string;

beforeAll(async () => {
  engine = await startEngine();
  before = await snapshot(engine);
  const watch = watchCommandLines();
  const running = startBench(['loadtest', '--verbose', '--profile', profile]);
  await running.said(/^Profile passing$/m);
  // While the load goes on: afterwards there is nothing left to ask.
  stack = stackOf(running.sofar());
  const pulumi = await plainPulumi(stack);
  secrets = secretsOf(JSON.parse(await pulumi('stack', 'export', '--show-secrets')));
  Object.assign(places, await logsOf(engine, stack), await labelsOf(engine, stack), stateOf(stack));
  inside = await environments(engine, stack);
  ended = await running.ended;
  directory = directoryOf(ended);
  places['command lines'] = watch.stop().join('\n');
  places['output of bench'] = ended.stdout + ended.stderr;
  Object.assign(places, textFiles(directory));
});

test('it passes, leaves nothing, and the engine that ran before still runs', async () => {
  expect(ended).toMatchObject(CLEAN);
  expectVerdict(ended, readSummary(directory), 'PASSED');
  expect(await answers(engine)).toBe(true);
  expect(await leftovers(engine, before, stack)).toEqual([]);
});

test('the results are complete, and the newest is found by its links', () => {
  const summary = readSummary(directory);
  expect(summary).toMatchObject({ profile: { name: 'passing' }, environment: { stack } });
  for (const [name, { counts }] of Object.entries(summary.scenarios)) {
    expect(counts, name).toMatchObject({ offered: 80, completed: 80 });
  }
  expect(Object.keys(textFiles(directory)).map((path) => path.slice(directory.length + 1))).toEqual(
    expect.arrayContaining([
      'summary.json',
      'summary.txt',
      'stack-outputs.json',
      'report.html',
      'summary.md',
      'series.csv',
      'junit.xml',
      'metrics.prom',
      'histograms.hlog',
    ]),
  );
  expect(join(resultsDir, readlinkSync(join(resultsDir, 'latest')))).toBe(directory);
  for (const name of ['summary.json', 'summary.txt']) {
    expect(readFileSync(join(resultsDir, name))).toEqual(readFileSync(join(directory, name)));
  }
  expect(ended.stdout).toBe(readFileSync(join(directory, 'summary.txt'), 'utf8').trimEnd());
});

test('the outputs of the stack are kept with the verdict and without the key', () => {
  const outputs = readJson(join(directory, 'stack-outputs.json'));
  expect(contractSchema.parse(outputs.bench)).toMatchObject({ stack, subject: { kind: 'stand-in' } });
  expect(outputs.apiKey).toBe('[secret]');
  const hash = createHash('sha256')
    .update(readFileSync(join(directory, 'summary.json')))
    .digest('hex');
  expect(outputs.result).toMatchObject({ verdict: readSummary(directory).verdict, summarySha256: hash });
});

test('no secret is in results, labels, logs, state, command lines or output', () => {
  expect(Object.keys(secrets)).toEqual(
    expect.arrayContaining(['certctl-api-key', 'certctl-encryption-key', 'postgres-password']),
  );
  for (const [name, value] of Object.entries(secrets)) {
    // That it would be found: the containers have been given it.
    expect(inside, name).toContain(value);
    expect(holding(value), name).toEqual([]);
  }
  const passphrase = readFileSync(join(benchDir, 'passphrase'), 'utf8');
  expect(holding(passphrase), 'of the state').toEqual([]);
  expect(matching(KEY_IN_PEM)).toEqual([]);
});

/** A header with a key behind it, in text or in JSON: the fixtures' own code names the header, too. */
const KEY_IN_PEM = /BEGIN [A-Z ]*PRIVATE KEY-----(?:\n|\\n|\\r)*[A-Za-z0-9+/=]{40}/;

const holding = (text: string) => Object.keys(places).filter((place) => places[place]?.includes(text));
const matching = (text: RegExp) => Object.keys(places).filter((place) => text.test(places[place] ?? ''));

test('a private key would be found', () => {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  expect(privateKey).toMatch(KEY_IN_PEM);
  expect(JSON.stringify(privateKey)).toMatch(KEY_IN_PEM);
});
