import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderFindings } from '../../../runner/commands/doctor.ts';
import { examine } from '../../../runner/doctor/doctor.ts';
import { requireFound } from '../../../runner/doctor/finding.ts';
import { locks } from '../../../runner/doctor/locks.ts';
import { FakePrograms } from '../../support/fake-program.ts';

const machine = vi.hoisted(() => ({ root: '' }));
vi.mock('../../../runner/paths.ts', async (original) => {
  machine.root = mkdtempSync(join(tmpdir(), 'bench-doctor-'));
  const { projectRoot } = await original<typeof import('../../../runner/paths.ts')>();
  const benchDir = join(machine.root, '.bench');
  const resultsDir = join(machine.root, 'results');
  return { projectRoot, benchDir, resultsDir, runDir: () => join(benchDir, 'run') };
});
const network = vi.hoisted(() => ({ answering: [] as string[] }));
vi.mock('../../../runner/setup/reachable.ts', () => ({
  isReachable: async (url: string) => network.answering.includes(url),
}));
const project = vi.hoisted(() => ({ config: {} as Record<string, string> }));
vi.mock(import('../../../runner/stack/config-file.ts'), async (original) => ({
  ...(await original()),
  projectDefaults: () => project.config,
}));

afterAll(() => rmSync(machine.root, { recursive: true }));
beforeEach(() => {
  for (const name of ['DOCKER_HOST', 'PULUMI_BACKEND_URL', 'PULUMI_ACCESS_TOKEN'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('PULUMI_HOME', machine.root);
  vi.stubEnv('PATH', machine.root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  network.answering = [];
  project.config = {};
});

test('a bare machine: everything that is missing has a remedy, and looking changes nothing', async () => {
  const findings = await examine();
  const missing = findings.filter(({ state }) => state === 'missing');
  expect(missing.map(({ what }) => what)).toEqual([
    ...['docker CLI', 'Docker engine', 'iptables', 'images', 'mmdebstrap'],
    ...['Pulumi CLI', 'Pulumi language host', 'Pulumi plugin docker', 'Pulumi plugin command', 'Go compiler'],
  ]);
  for (const { remedy } of missing) expect(remedy).toMatch(/install|bench setup/);
  expect(readdirSync(machine.root)).toEqual([]);
});

test('an engine that DOCKER_HOST names and that does not answer is told with the remedy', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  const engine = (await examine()).find(({ what }) => what === 'Docker engine');
  expect(engine).toMatchObject({ state: 'missing', remedy: 'start it or unset DOCKER_HOST' });
  expect(engine?.from).toContain('unix:///nowhere/docker.sock');
});

test('an engine behind ssh:// needs ssh', async () => {
  const ssh = async () => (await examine()).find(({ what }) => what === 'ssh');
  expect(await ssh()).toMatchObject({ state: 'not needed' });
  vi.stubEnv('DOCKER_HOST', 'ssh://far.test');
  expect(await ssh()).toMatchObject({ state: 'missing', remedy: expect.stringContaining('openssh-client') });
  await using fake = await FakePrograms.make({ ssh: 'echo "OpenSSH_9.2p1, OpenSSL 3.0" >&2' });
  vi.stubEnv('PATH', `${fake.bin}:/usr/bin:/bin`);
  expect(await ssh()).toMatchObject({ state: 'found', version: '9.2', from: join(fake.bin, 'ssh') });
});

test.each([
  [['https://mirror.test:5000/v2/'], 'found'],
  [['http://mirror.test:5000/v2/'], 'found'],
  [['https://registry-1.docker.io/v2/'], 'missing'],
])('images of a mirror are there where that one answers: %j', async (answering, state) => {
  project.config = { imageRegistry: 'mirror.test:5000/hub' };
  network.answering = answering;
  const images = (await examine()).find(({ what }) => what === 'images');
  expect(images).toMatchObject({ state, from: expect.stringContaining('mirror.test:5000') });
});

test.each([
  ['of a process that has ended', 2 ** 22 + 1, 'missing'],
  ['of a process that lives', process.pid, 'found'],
])('a lock %s', async (_whose, pid, state) => {
  const folder = join(machine.root, '.bench/state/.pulumi/locks/organization/certctl-bench/dev');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '1.json'), JSON.stringify({ pid, hostname: hostname(), username: 'me' }));
  const finding = await locks();
  rmSync(join(machine.root, '.bench'), { recursive: true });
  expect(finding.state).toBe(state);
  if (state === 'missing') expect(finding.remedy).toContain('"bench sweep"');
});

test('a command that needs something tells all that is missing in one line', async () => {
  const missing = (what: string) => async () =>
    ({ what, state: 'missing', from: `no ${what}`, remedy: `get ${what}` }) as const;
  const needed = requireFound([
    missing('ink'),
    async () => ({ what: 'paper', state: 'found' }),
    missing('glue'),
  ]);
  await expect(needed).rejects.toMatchObject({
    exitCode: 3,
    message: 'ink: no ink; get ink; glue: no glue; get glue',
  });
});

test('the table is aligned, the remedies stand below it', () => {
  const text = renderFindings(
    [
      { what: 'Node', state: 'found', version: '24.1.0', from: '/bin/node' },
      { what: 'docker CLI', state: 'missing', from: 'none', remedy: 'install it' },
      { what: 'iptables', state: 'not needed', from: 'the engine runs' },
    ],
    pc.createColors(false),
  );
  expect(text.split('\n')).toEqual([
    '  ✓  Node        24.1.0  /bin/node',
    '  ✗  docker CLI          none',
    '  –  iptables            the engine runs',
    '',
    'Missing, and what helps:',
    '  docker CLI: install it',
  ]);
});
