/** Faults of the environment: each fails `up` soon and says what helps, and the next `up` is green. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leftoverLocks } from '../../runner/stack/locks.ts';
import { FaultyStack } from '../support/faulty-stack.ts';
import { SocketProxy } from '../support/socket-proxy.ts';

let stack: FaultyStack;

beforeAll(async () => {
  stack = await FaultyStack.make(`faults-${process.pid}`);
});
afterAll(() => stack.remove());

test('tls-init that fails half way', async () => {
  const last = "await replaceFile(join(dir, 'target.key')";
  const repair = stack.edit('fixtures/tls-init/files.ts', (text) =>
    text.replace(last, `throw new Error('half way'); ${last}`),
  );
  await stack.expectFailure(/^up failed: tls-init failed with exit code 1: tls-init: half way; .*"bench up"/);
  repair();
  await stack.expectGreen();
});

test.each([
  [
    'nginx',
    'nginx.conf',
    /nginx exited with code 1: .*unknown directive "bogus".*correct fixtures\/nginx\.conf/,
  ],
  [
    'apache',
    'httpd.conf',
    /apache exited with code 1: .*[Ii]nvalid command 'bogus'.*correct fixtures\/httpd\.conf/,
  ],
  [
    'haproxy',
    'haproxy.cfg',
    /haproxy exited with code 1: .*unknown keyword 'bogus'.*correct fixtures\/haproxy\.cfg/,
  ],
])('broken configuration of %s', async (_target, file, message) => {
  const repair = stack.edit(`fixtures/${file}`, (text) => `bogus on;\n${text}`);
  await stack.expectFailure(message);
  repair();
  await stack.expectGreen();
});

test('an image that the engine does not hold', async () => {
  await stack.expectFailure(/does not hold the image sha256:000000000000 .*bench setup/, [
    `debianImage=sha256:${'0'.repeat(64)}`,
  ]);
  await stack.expectGreen();
});

test('a registry that refuses', async () => {
  await stack.expectFailure(/127\.0\.0\.1:1.*--images debian/, [
    'subject=image',
    'subjectImage=127.0.0.1:1/certctl:v1',
  ]);
  await stack.expectGreen();
});

/** A subject that is `server`, with one migration beside it. */
function binarySubject(server: string | Buffer): string[] {
  mkdirSync(stack.checkout.path('subject/migrations'), { recursive: true });
  writeFileSync(stack.checkout.path('subject/migrations/1.up.sql'), 'SELECT 1;\n');
  writeFileSync(stack.checkout.path('subject/server'), server);
  chmodSync(stack.checkout.path('subject/server'), 0o755);
  const paths = ['subjectBinary=subject/server', 'subjectMigrations=subject/migrations'];
  return ['subject=binary', ...paths];
}

test('a subject binary for another architecture', async () => {
  const elf = Buffer.alloc(64);
  // ELF, 64 bit, big endian, executable, for IBM S/390.
  elf.write('7f454c4602020100', 'hex');
  elf.write('00020016', 16, 'hex');
  await stack.expectFailure(
    /^up failed: certctl exited with code 126 \(its program cannot be executed\): .*another machine architecture/,
    binarySubject(elf),
  );
  await stack.expectGreen();
});

test('a subject that misses its migrations', async () => {
  const server =
    '#!/bin/sh\necho "error: failed to run migrations: first .: file does not exist" >&2\nexit 1\n';
  await stack.expectFailure(
    /^up failed: certctl exited with code 1: its migrations are missing/,
    binarySubject(server),
  );
  await stack.expectGreen();
});

test('PostgreSQL that takes no connections', async () => {
  await stack.sql('ALTER DATABASE certctl ALLOW_CONNECTIONS false');
  await stack.kill('certctl');
  await stack.expectFailure(
    /^up failed: certctl exited with code 1: PostgreSQL takes no connections for database certctl/,
  );
  await stack.sql('ALTER DATABASE certctl ALLOW_CONNECTIONS true');
  await stack.expectGreen();
});

test('PostgreSQL that has another password', async () => {
  const env = await stack.checkout.docker(
    'inspect',
    '--format',
    '{{json .Config.Env}}',
    await stack.container('postgres'),
  );
  const [, password] = /POSTGRES_PASSWORD=(\w+)/.exec(env) ?? [];
  await stack.sql("ALTER ROLE certctl PASSWORD 'another'");
  await stack.kill('certctl');
  await stack.expectFailure(
    /^up failed: certctl exited with code 1: PostgreSQL refuses the password of certctl: .*"bench down"/,
  );
  await stack.sql(`ALTER ROLE certctl PASSWORD '${password}'`);
  await stack.expectGreen();
});

test('PostgreSQL whose disk is full', async () => {
  // A container's /dev/shm is a tmpfs of 64 MB.
  const full =
    '[ -e /dev/shm/full ] || head -c 60M /dev/zero >/dev/shm/full\nPGDATA=/dev/shm/data\nexport PGDATA\n';
  const repair = stack.edit('fixtures/postgres/start.sh', (text) => text.replace('export PGDATA\n', full));
  await stack.expectFailure(/^up failed: postgres exited with code 1: no space is left on the disk/);
  repair();
  await stack.expectGreen();
});

test('a fixed port in use', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const ports = `ports=${JSON.stringify({ nginx: port })}`;
  await stack.expectFailure(
    new RegExp(`^up failed: nginx: the port 127\\.0\\.0\\.1:${port} is in use .*; free it`),
    [ports],
  );
  await new Promise((resolve) => holder.close(resolve));
  await stack.expectGreen();
});

test('an engine that is not where DOCKER_HOST says', async () => {
  const DOCKER_HOST = `unix://${stack.checkout.path('no.sock')}`;
  await stack.expectFailure(/^no Docker engine answers at DOCKER_HOST=\S+no\.sock; start it/, [], {
    DOCKER_HOST,
  });
  const { code, stdout } = await stack.checkout.run(['doctor', '--json'], { DOCKER_HOST });
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false });
  await stack.expectGreen();
});

test('an engine that goes away during up', async () => {
  const target = (stack.checkout.env.DOCKER_HOST ?? '').replace('unix://', '');
  const path = stack.checkout.path('proxy.sock');
  const proxy = new SocketProxy(path, target);
  await proxy.open();
  const env = { DOCKER_HOST: `unix://${path}` };
  // Without its health listener nginx keeps its gate waiting.
  const repair = stack.edit('fixtures/nginx.conf', (text) => text.replace('listen 8081;', 'listen 8082;'));
  const failure = stack.expectFailure(/^up failed: .*no Docker engine answers at \S+; start it/, [], env);
  while (!(await nginxIsNew())) await new Promise((resolve) => setTimeout(resolve, 100));
  await proxy.close();
  await failure;
  repair();
  const again = new SocketProxy(path, target);
  await again.open();
  await stack.expectGreen(env);
  // The stack remembers the address of its engine: back to the real one while the other still answers.
  await stack.expectGreen();
  await again.close();
});

/** True once the container of nginx is the one of this `up`. */
async function nginxIsNew(): Promise<boolean> {
  const id = await stack.container('nginx');
  if (id === '') return false;
  return (await stack.checkout.docker('exec', id, 'cat', '/etc/bench/nginx.conf').catch(() => '')).includes(
    '8082',
  );
}

test('the passphrase of another stack', async () => {
  const repair = stack.edit('.bench/passphrase', () => 'another');
  await stack.expectFailure(/passphrase is not the one .*\.bench\/passphrase/);
  repair();
  await stack.expectGreen();
});

test('a lock of another command', async () => {
  const folder = stack.checkout.path(`.bench/state/.pulumi/locks/organization/certctl-bench/${stack.name}`);
  mkdirSync(folder, { recursive: true });
  const lock = {
    pid: process.pid,
    username: 'me',
    hostname: hostname(),
    timestamp: new Date().toISOString(),
  };
  writeFileSync(`${folder}/a.json`, JSON.stringify(lock));
  await stack.expectFailure(new RegExp(`process ${process.pid}\\b.*wait for it`));
  rmSync(`${folder}/a.json`);
  await stack.expectGreen();
});

test('a lock left by a command that was killed', async () => {
  const locks = () => leftoverLocks(stack.checkout.path('.bench/state'));
  await stack.kill('nginx');
  const kill = stack.start();
  while ((await stack.container('nginx')) === '') await new Promise((resolve) => setTimeout(resolve, 50));
  await kill();
  expect(locks()).toMatchObject([{ stack: stack.name }]);
  await stack.expectGreen();
  expect(locks()).toEqual([]);
});

test('a state directory that is read-only', async () => {
  const state = stack.checkout.path('.bench/state');
  const before = readFileSync('/proc/self/mounts', 'utf8');
  // Modes do not stop root, a read-only mount does not stop being writable for nobody else.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    execFileSync('mount', ['--bind', state, state]);
    execFileSync('mount', ['-o', 'remount,bind,ro', state]);
  } else chmodSync(state, 0o555);
  try {
    await stack.expectFailure(
      /^state directory: .*\.bench\/state (is on a read-only file system|cannot be written); make it/,
    );
  } finally {
    if (isRoot) execFileSync('umount', [state]);
    else chmodSync(state, 0o755);
  }
  expect(readFileSync('/proc/self/mounts', 'utf8')).toBe(before);
  expect(existsSync(state)).toBe(true);
  await stack.expectGreen();
});

test('each of them was told within 15 seconds', () => {
  expect(stack.failures.filter(({ seconds }) => seconds > stack.limitSeconds)).toEqual([]);
});
