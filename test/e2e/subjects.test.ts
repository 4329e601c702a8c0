/** A subject that is built by its own Dockerfile, and one that runs already: here that is the first one. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFixture } from '../../infra/bundle.ts';
import { type BenchContract, contractSchema } from '../../infra/outputs.ts';
import { debianImageTag } from '../../runner/setup/debian-image.ts';
import { bench, startBench } from './support/cli.ts';
import { containersOf, docker, startEngine } from './support/engine.ts';
import { watchCommandLines } from './support/processes.ts';
import { shortProfile } from './support/profiles.ts';
import { plainPulumi } from './support/pulumi.ts';
import { directoryOf, readSummary } from './support/results.ts';
import { stateOf } from './support/secrets.ts';
import { expectVerdict } from './support/verdict.ts';

const BUILT = `subjects-built-${process.pid}`;
const EXTERNAL = `subjects-external-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-e2e-'));
const checkout = join(folder, 'checkout');
const caFile = join(folder, 'ca.pem');

let engine: Awaited<ReturnType<typeof startEngine>>;
let base: string;
let built: BenchContract;
let image: string;
let token: string;

/** The stand-in, and the simulated agent, as a checkout that is built in the way that certctl's is. */
function writeDockerfile(step = '', name = 'Dockerfile', program = 'stand-in.mjs'): void {
  const lines = [
    `FROM ${base}`,
    step,
    `COPY ${program} /app/`,
    'USER 1000',
    `ENTRYPOINT ["node", "/app/${program}"]`,
  ];
  writeFileSync(join(checkout, name), `${lines.filter(Boolean).join('\n')}\n`);
}
const writeAgentDockerfile = (step = '') => writeDockerfile(step, 'Dockerfile.agent', 'agent.mjs');

const up = (stack: string, ...more: string[]) => bench('up', '--stack', stack, '--json', ...more);

beforeAll(async () => {
  engine = await startEngine();
  const [debian] = await docker(engine, 'image', 'ls', '--quiet', debianImageTag());
  base = debian ? debianImageTag() : 'node:24-alpine';
  mkdirSync(checkout);
  writeFileSync(join(checkout, '.dockerignore'), '*.md\n');
  writeFileSync(join(checkout, 'stand-in.mjs'), bundleFixture('certctl-stand-in/main.ts'));
  writeFileSync(join(checkout, 'agent.mjs'), bundleFixture('simulated-agent/main.ts'));
  writeDockerfile();
});
afterAll(async () => {
  for (const stack of [EXTERNAL, BUILT]) {
    const { exitCode, stderr } = await bench('down', '--stack', stack);
    expect(exitCode, stderr).toBe(0);
  }
  // The last stack takes a private engine with it.
  await startEngine();
  const tags = await docker(
    engine,
    'image',
    'ls',
    '--quiet',
    '--filter',
    'reference=certctl-bench/subject:checkout-*',
  );
  if (tags.length > 0) await docker(engine, 'image', 'rm', '--force', ...tags);
  rmSync(folder, { recursive: true });
});

test('dockerfile: a build that fails is told with its last lines', async () => {
  writeDockerfile('RUN echo "the compiler is unhappy" >&2; exit 3');
  const { exitCode, stderr } = await up(BUILT, '-c', `subjectCheckout=${checkout}`);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^Subject: dockerfile \(subjectCheckout is set\)$/m);
  expect(stderr).toMatch(
    /^bench: up failed: certctl could not be built .*; correct the checkout and run "bench up"/m,
  );
  expect(stderr).toMatch(/^ {2}certctl \| .*the compiler is unhappy/m);
});

test('dockerfile: the image is built, --verbose shows how, and it answers', async () => {
  writeDockerfile();
  const { exitCode, stdout, stderr } = await up(BUILT, '--verbose');
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toMatch(/COPY stand-in\.mjs/);
  built = contractSchema.parse(JSON.parse(stdout));
  expect(built.subject.kind).toBe('dockerfile');
  expect(built.images.certctl).toMatchObject({ source: 'subject' });
  image = built.images.certctl?.id ?? '';
});

test('dockerfile: only a change that Docker sees builds it anew', async () => {
  writeFileSync(join(checkout, 'NOTES.md'), 'not sent to the engine\n');
  const same = contractSchema.parse(JSON.parse((await up(BUILT)).stdout));
  expect(same.images.certctl?.id).toBe(image);
  expect(same.certctl.url).toBe(built.certctl.url);
  writeDockerfile('ENV CHANGED=1');
  const changed = contractSchema.parse(JSON.parse((await up(BUILT)).stdout));
  expect(changed.images.certctl?.id).not.toBe(image);
  built = changed;
});

test('dockerfile: its agent is built by the Dockerfile.agent of the same checkout, and calls its server', async () => {
  const none = await up(BUILT, '-c', 'agent=real', '-c', 'sites=1');
  expect(none.exitCode).toBe(2);
  expect(none.stderr).toMatch(/agent real needs .* no .*Dockerfile\.agent/);
  writeAgentDockerfile();
  const { exitCode, stdout, stderr } = await up(BUILT, '-c', 'agent=real', '-c', 'sites=1');
  expect(exitCode, stderr).toBe(0);
  built = contractSchema.parse(JSON.parse(stdout));
  expect(built.deploy).toMatchObject({ agent: 'real', pollMs: 30_000 });
  const { 'nginx-agent': agent = '' } = await containersOf(engine, BUILT);
  expect(await docker(engine, 'inspect', '--format', '{{.Config.Entrypoint}}', agent)).toEqual([
    '[node /app/agent.mjs]',
  ]);
  const log = (await docker(engine, 'logs', agent)).join('\n');
  expect(log).toContain('"event":"started"');
  expect(log).not.toContain('call_failed');

  writeAgentDockerfile('RUN echo "the linker is unhappy" >&2; exit 3');
  const failed = await up(BUILT);
  expect(failed.exitCode).toBe(3);
  expect(failed.stderr).toMatch(
    /^bench: up failed: certctl-agent could not be built .*; correct the checkout/m,
  );
  expect(failed.stderr).toMatch(/^ {2}certctl-agent \| .*the linker is unhappy/m);
  writeAgentDockerfile('ENV CHANGED=1');
  const changed = await up(BUILT);
  expect(changed.exitCode, changed.stderr).toBe(0);
  expect((await containersOf(engine, BUILT))['nginx-agent']).not.toBe(agent);
});

test('external: a token that is refused is told, and so is a CA that is missing', async () => {
  const outputs = JSON.parse(
    await (await plainPulumi())('stack', 'output', '--stack', BUILT, '--json', '--show-secrets'),
  );
  token = outputs.apiKey;
  writeFileSync(caFile, built.ca);
  const flags = ['-c', `subjectUrl=${built.certctl.url}`];
  const env = { BENCH_SUBJECT_TOKEN: 'wrong-token' };
  const untrusted = await startBench(['up', '--stack', EXTERNAL, ...flags], env).ended;
  expect(untrusted.exitCode).toBe(3);
  expect(untrusted.stderr).toMatch(
    /^bench: up failed: the external certctl .* is not trusted .*subjectCaFile/m,
  );
  const refused = await startBench(['up', '--stack', EXTERNAL, '-c', `subjectCaFile=${caFile}`], env).ended;
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toMatch(
    /^bench: up failed: .*answers 401 .*it refuses the token; .*BENCH_SUBJECT_TOKEN/m,
  );
});

test('external: only the targets are brought up, and all scenarios pass', async () => {
  const watch = watchCommandLines();
  const ended = await startBench(['up', '--stack', EXTERNAL, '--json'], { BENCH_SUBJECT_TOKEN: token }).ended;
  expect(ended.exitCode, ended.stderr).toBe(0);
  const contract = contractSchema.parse(JSON.parse(ended.stdout));
  expect(contract).toMatchObject({
    postgres: null,
    subject: { kind: 'external' },
    certctl: { url: built.certctl.url },
  });
  expect(Object.keys(await containersOf(engine, EXTERNAL)).sort()).toEqual([
    'apache',
    'f5',
    'haproxy',
    'nginx',
    'tls-init',
  ]);

  const load = await bench('load', '--stack', EXTERNAL, '--profile', shortProfile('external', 2));
  const summary = readSummary(directoryOf(load));
  expectVerdict(load, summary, 'PASSED');
  expect(summary).toMatchObject({
    subject: { kind: 'external' },
    environment: { postgres: { version: null } },
  });

  const places = {
    ...stateOf(EXTERNAL),
    'command lines': watch.stop().join('\n'),
    output: ended.stderr + load.stderr,
  };
  for (const [place, text] of Object.entries(places)) expect(text.includes(token), place).toBe(false);
});
