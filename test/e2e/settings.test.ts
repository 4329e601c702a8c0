/** Settings and limits by config: the services have them, the results name them, and a second `up` changes nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contractSchema } from '../../infra/outputs.ts';
import { bench } from './support/cli.ts';
import { containersOf, docker, startEngine } from './support/engine.ts';

const STACK = `settings-${process.pid}`;
const SETTINGS = {
  certctlEnv: { CERTCTL_DATABASE_MAX_CONNS: '7' },
  postgresSettings: { shared_buffers: '24MB', max_connections: '33' },
  limits: { postgres: { cpuSet: '0', memoryMb: 384 }, nginx: { memoryMb: 64 } },
};
const flags = Object.entries(SETTINGS).flatMap(([key, value]) => ['-c', `${key}=${JSON.stringify(value)}`]);

let engine: Awaited<ReturnType<typeof startEngine>>;
let containers: Record<string, string>;

beforeAll(async () => {
  engine = await startEngine();
});
afterAll(async () => {
  const { exitCode, stderr } = await bench('down', '--stack', STACK);
  expect(exitCode, stderr).toBe(0);
});

test('the contract names what differs from the defaults', async () => {
  const { exitCode, stdout, stderr } = await bench('up', '--stack', STACK, '--json', ...flags);
  expect(exitCode, stderr).toBe(0);
  const { settings } = contractSchema.parse(JSON.parse(stdout));
  expect(settings).toEqual({
    certctl: SETTINGS.certctlEnv,
    postgres: SETTINGS.postgresSettings,
    limits: SETTINGS.limits,
  });
  containers = await containersOf(engine, STACK);
});

test('PostgreSQL runs with them', async () => {
  const psql =
    'PGPASSWORD=$POSTGRES_PASSWORD psql -h 127.0.0.1 -U "$POSTGRES_USER" -At "$POSTGRES_DB" -c "$0"';
  const show = "SELECT current_setting('shared_buffers') || ' ' || current_setting('max_connections')";
  expect(await docker(engine, 'exec', containers.postgres ?? '', 'sh', '-c', psql, show)).toEqual([
    '24MB 33',
  ]);
});

test('the kernel has the limits', async () => {
  const format = '{{.HostConfig.CpusetCpus}} {{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}';
  const bytes = 384 * 2 ** 20;
  expect(await docker(engine, 'inspect', '--format', format, containers.postgres ?? '')).toEqual([
    `0 ${bytes} ${bytes}`,
  ]);
  expect(await docker(engine, 'exec', containers.postgres ?? '', 'nproc')).toEqual(['1']);
});

test('a second up leaves every container', async () => {
  const { exitCode, stderr } = await bench('up', '--stack', STACK);
  expect(exitCode, stderr).toBe(0);
  expect(await containersOf(engine, STACK)).toEqual(containers);
});

test('a parameter that PostgreSQL does not have is named with the key', async () => {
  const { exitCode, stderr } = await bench(
    'up',
    '--stack',
    STACK,
    '-c',
    'postgresSettings={"sharedbuffers":1}',
  );
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(
    /^bench: up failed: postgres exited with code \d+.*: PostgreSQL has no parameter "sharedbuffers"; correct certctl-bench:postgresSettings$/m,
  );
});
