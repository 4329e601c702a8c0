/** The package as others install it: the engine as a library, and the command line. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { benchDir, projectRoot } from '../../runner/paths.ts';
import { startServer } from '../support/https-server.ts';
import { plainEnvironment } from './support/cli.ts';
import { startEngine } from './support/engine.ts';
import { shortProfile } from './support/profiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-package-'));
const run = (command: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
  execa(command, args, {
    cwd: folder,
    env: { ...plainEnvironment(), PATH: `${join(folder, 'node_modules/.bin')}:${process.env.PATH}`, ...env },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });

beforeAll(async () => {
  const packed = await execa('npm', ['run', '--silent', 'package'], { cwd: projectRoot });
  const tarball = join(projectRoot, packed.stdout);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const installed = await run('npm', ['install', ...flags, tarball]);
  expect(installed.exitCode, installed.stderr).toBe(0);
  rmSync(tarball);
});
afterAll(() => rmSync(folder, { recursive: true }));

const LIBRARY = `
import { makePlan, parseProfile, run } from 'certctl-bench/engine';
const { endpoints } = JSON.parse(process.env.SETTINGS);
const text = 'name: mine\\nscenarios: { list_certificates: { executor: constant-arrival-rate, rate: 20, duration: 1s, maxVUs: 20 }, ' +
  'nginx_handshake: { executor: constant-arrival-rate, rate: 10, duration: 1s, maxVUs: 20 } }';
const plan = makePlan(parseProfile(text, 'mine'), { seed: 1, runId: 'mine' });
const { scenarios } = await run({ plan, endpoints });
const figures = Object.values(scenarios).map(({ name, counts, trends }) => [name, counts.completed, trends.response_time.totalCount]);
console.log(JSON.stringify(figures));
`;

test('the engine is a library that measures any HTTPS server', async () => {
  await using server = await startServer();
  writeFileSync(join(folder, 'mine.js'), LIBRARY);
  const settings = JSON.stringify({ endpoints: server.endpoints });
  const { stdout, stderr } = await run('node', ['mine.js'], { SETTINGS: settings });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([
    ['list_certificates', 20, 20],
    ['nginx_handshake', 10, 10],
  ]);
  expect(server.seen).toEqual({ 'GET /api/v1/certificates': 20, 'GET /': 10 });
});

test('its types are those of its code', async () => {
  writeFileSync(
    join(folder, 'mine.ts'),
    `import { run, type RunResult } from 'certctl-bench/engine';
export const good: (request: Parameters<typeof run>[0]) => Promise<RunResult> = run;
// @ts-expect-error a plan is needed
run({});
`,
  );
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2024', '--module', 'nodenext'];
  const types = ['--types', 'node', '--typeRoots', join(projectRoot, 'node_modules/@types')];
  const { stdout } = await run(join(projectRoot, 'node_modules/.bin/tsc'), [...flags, ...types, 'mine.ts']);
  expect(stdout).toBe('');
});

test('the command line works the same way, and keeps what it makes beside the own files', async () => {
  const { host } = await startEngine();
  mkdirSync(join(folder, '.bench'));
  symlinkSync(join(benchDir, 'pulumi'), join(folder, '.bench/pulumi'));
  const profile = shortProfile('packed', 2);
  const args = ['bench', 'loadtest', '--yes', '--profile', profile];
  const { stdout, stderr } = await run('npx', args, { DOCKER_HOST: host });
  expect(stdout, stderr).toContain('profile packed');
  const summary = JSON.parse(readFileSync(join(folder, 'results/latest/summary.json'), 'utf8'));
  expect(Object.keys(summary.scenarios)).toHaveLength(6);
  const installed = join(folder, 'node_modules/certctl-bench');
  expect(readdirSync(installed)).not.toContain('.bench');
  expect(readdirSync(installed).filter((name) => name.startsWith('Pulumi.'))).toEqual(['Pulumi.yaml']);
});
