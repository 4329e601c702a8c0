/** A stack on the engine of another machine: over TCP with mutual TLS and over SSH, the generator here and there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Engine } from '../../runner/setup/engine.ts';
import { readRecord } from '../../runner/setup/record.ts';
import type { StackEntry } from '../../runner/stack/list.ts';
import type { Swept } from '../../runner/sweep/sweep.ts';
import { mutualIdentities } from '../support/tls.ts';
import { bench, CLEAN, type Ended, stackOf, startBench } from './support/cli.ts';
import { docker } from './support/engine.ts';
import { stackFiles } from './support/leftovers.ts';
import { shortProfile } from './support/profiles.ts';
import { plainPulumi } from './support/pulumi.ts';
import { directoryOf, readSummary } from './support/results.ts';
import { SecondEngine } from './support/second-engine.ts';
import { expectVerdict } from './support/verdict.ts';

const profile = shortProfile('remote', 4);
const stack = `e2e-remote-${process.pid}`;
let far: SecondEngine;

beforeAll(async () => {
  await bench('setup', '--yes');
  far = await SecondEngine.start();
  vi.stubEnv('PATH', far.pathWithSsh);
});

afterAll(async () => {
  // Only where a test failed before it came to that.
  if (stackFiles(stack).length > 0) await bench('down', '--stack', stack);
  vi.unstubAllEnvs();
  await far?.[Symbol.asyncDispose]();
});

/** The engine over there, past TCP and SSH. */
const there = (): Engine => ({ host: far.socket, kind: 'found', version: '' });
/** Flags that make a stack over there. */
const tcp = () => [
  ...['--docker-host', far.tcp, '--docker-cert-path', far.certPath],
  ...['--bind-address', far.address],
];

/** What stacks have made over there. */
async function objects(): Promise<string[]> {
  const label = ['--filter', 'label=certctl-bench.stack', '--quiet'];
  const lists = [
    ['ps', '--all'],
    ['network', 'ls'],
    ['volume', 'ls'],
  ];
  return (await Promise.all(lists.map((list) => docker(there(), ...list, ...label)))).flat();
}

function expectPassed(ended: Ended, placement: 'host' | 'engine', path: string): void {
  const summary = readSummary(directoryOf(ended));
  expect(ended).toMatchObject(CLEAN);
  expectVerdict(ended, summary, 'PASSED');
  expect(summary.environment.generator).toEqual({ placement, path });
  for (const [name, { counts }] of Object.entries(summary.scenarios))
    expect(counts, name).toMatchObject({ offered: 40, completed: 40 });
}

test('an engine that cannot be used is told with what helps, and nothing is made', async () => {
  const refused = async (words: RegExp, ...args: string[]) => {
    const ended = await bench('up', '--stack', stack, '--bind-address', '0.0.0.0', ...args);
    expect(ended).toMatchObject({ exitCode: 3, stdout: '', ...CLEAN });
    const last = ended.stderr.split('\n').at(-1);
    expect(last).toMatch(
      /^bench: the Docker engine at \S+ \(DOCKER_HOST or --docker-host\) cannot be used: /,
    );
    expect(last).toMatch(words);
  };
  await refused(/wants TLS.*--docker-cert-path/, '--docker-host', far.tcp);

  const others = far.path('others');
  mkdirSync(others);
  const { ca, client } = await mutualIdentities(far.address);
  for (const [name, text] of Object.entries({ 'ca.pem': ca, 'cert.pem': client.cert, 'key.pem': client.key }))
    writeFileSync(`${others}/${name}`, text);
  await refused(/not of the authority in ca\.pem/, '--docker-host', far.tcp, '--docker-cert-path', others);

  await refused(/nobody listens there/, '--docker-host', far.ssh.replace(/\d+$/, '2223'));
  far.knowHost(false);
  await refused(/host key is not known here; connect once by hand/, '--docker-host', far.ssh);
  far.knowHost(true);
  expect(await objects()).toEqual([]);
});

test('over TCP with mutual TLS: all in one, generated over there', async () => {
  const ended = await bench(...['loadtest', '--profile', profile, '--generator', 'engine', ...tcp()]);
  expectPassed(ended, 'engine', 'stack network');
  expect(ended.stderr).toMatch(
    new RegExp(`^Warning: ports are published at ${far.address}\\. .*health pages without TLS`, 'm'),
  );
  expect(await objects()).toEqual([]);
});

test('over SSH: a stack that stays, generated here through a tunnel and over there', async () => {
  const up = await bench('up', '--stack', stack, '--docker-host', far.ssh, '--json');
  expect(up).toMatchObject({ exitCode: 0, ...CLEAN });
  // On loopback over there: nobody else reaches it.
  expect(JSON.parse(up.stdout).certctl.host).toBe('127.0.0.1');
  expect(up.stderr).not.toContain('Warning');

  // No command needs to be told again where the stack is.
  const load = ['load', '--stack', stack, '--profile', profile];
  expectPassed(await bench(...load), 'host', 'ssh tunnel');
  expectPassed(await bench(...load, '--generator', 'engine'), 'engine', 'stack network');
  const moved = await bench('up', '--stack', stack, '--docker-host', far.tcp, '--bind-address', far.address);
  expect(moved).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a stack does not move') });

  expect(await bench('down', '--stack', stack)).toMatchObject({ exitCode: 0, ...CLEAN });
  expect(await objects()).toEqual([]);
});

test('list and sweep ask the engine of each stack, with its certificates, and the one that they are told', async () => {
  const running = startBench(['loadtest', '--profile', profile, ...tcp()]);
  await running.said(/^ {2}tls-init +ready/m);
  running.killAll();
  const name = stackOf(await running.ended);
  const entries = async (): Promise<StackEntry[]> =>
    JSON.parse((await bench('list', '--json')).stdout).stacks;
  const entry = (await entries()).find((one) => one.name === name);
  expect(entry).toMatchObject({ engine: far.tcp, state: 'partial', life: 'dead' });
  expect(await objects()).not.toEqual([]);
  // Of a checkout that is gone: only the engine knows of it.
  const label = ['--label', 'certctl-bench.stack=gone', '--label'];
  await docker(there(), 'volume', 'create', ...label, `certctl-bench.run=${hostname()}:/nowhere/runs/gone`);

  const swept = async (...args: string[]) => {
    const ended = await bench('sweep', '--json', ...args);
    expect(ended).toMatchObject({ exitCode: 0, ...CLEAN });
    return (JSON.parse(ended.stdout).swept as Swept[]).map(({ what, name: of }) => `${what} ${of}`);
  };
  expect(await swept()).toContain(`stack ${name}`);
  expect((await entries()).map((one) => one.name)).not.toContain(name);
  expect(await objects()).toHaveLength(1);
  expect(await swept('--docker-host', far.tcp, '--docker-cert-path', far.certPath)).toEqual(['objects gone']);
  expect(await objects()).toEqual([]);
});

test('plain Pulumi, with the engine in the config alone', async () => {
  const own = `${stack}-plain`;
  await (await plainPulumi())('stack', 'init', own, '--no-select');
  const { imageSource, debianImage } = readRecord() ?? {};
  const [dockerHost, dockerCertPath, bindAddress] = [far.tcp, far.certPath, far.address];
  const config = { imageSource, debianImage, dockerHost, dockerCertPath, bindAddress, subject: 'stand-in' };
  const pairs = Object.entries(config).filter(([, value]) => value !== undefined);
  const flags = pairs.flatMap(([key, value]) => ['--plaintext', `certctl-bench:${key}=${value}`]);
  await (await plainPulumi())('config', 'set-all', '--stack', own, ...flags);

  const pulumi = await plainPulumi(own);
  await pulumi('up', '--yes', '--skip-preview');
  const { certctl } = JSON.parse(await pulumi('stack', 'output', 'bench'));
  expect(certctl.host).toBe(far.address);
  expectPassed(await bench('load', '--stack', own, '--profile', profile), 'host', 'network');
  await pulumi('destroy', '--yes', '--skip-preview');
  await pulumi('stack', 'rm', '--yes', '--remove-backups');
  expect(await objects()).toEqual([]);
  expect(stackFiles(own)).toEqual([]);
});

test('the second machine leaves nothing on this one', async () => {
  const { folder } = far;
  await far[Symbol.asyncDispose]();
  const { stdout } = await execa('ip', ['netns', 'list']);
  expect(stdout).not.toContain(folder.slice(-6));
  const { stdout: mounts } = await execa('findmnt', ['--noheadings', '--raw', '--output', 'TARGET']);
  expect(mounts).not.toContain(folder);
});
