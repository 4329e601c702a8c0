import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { type GateSettings, toEnvironment } from '../../../../infra/gate/settings.ts';
import { FakePrograms } from '../../../support/fake-program.ts';

const MAIN = join(import.meta.dirname, '../../../../infra/gate/main.ts');

const STAYS = 'wait) echo $$ > "$0.state"; exec sleep 20 ;;';
const exits = (code: number) => `wait) sleep 0.1; echo ${code} ;;`;
const LOG = 'logs) echo "starting"; echo "cannot bind: port in use" >&2 ;;';

/** An engine whose one container behaves as these cases of the docker command say. */
const engine = (...cases: string[]) =>
  FakePrograms.make({ docker: `case $1 in\n${cases.join('\n')}\n*) exit 64 ;;\nesac` });

function gate(docker: FakePrograms, settings: Partial<GateSettings>) {
  const all: GateSettings = {
    ...{ name: 'nginx', container: 'c0ffee', oneShot: false, exec: [], listening: [], answering: [] },
    ...{ ca: '', servername: '', deadlineMs: 20_000, tunnel: '' },
    ...settings,
  };
  const env = { PATH: docker.path, ...toEnvironment(all) };
  return execa(process.execPath, [MAIN], { env, reject: false });
}

/** A server that is not ready for the first `times` requests. */
async function startsSlowly(times: number) {
  let asked = 0;
  const server = createServer((_, response) =>
    response.writeHead(++asked > times ? 200 : 503).end('version 1'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/healthz`,
    address: `127.0.0.1:${port}`,
    asked: () => asked,
    [Symbol.dispose]: () => void server.close(),
  };
}

describe('a container that serves', () => {
  it('is waited for, and its last answer told in one line of JSON', async () => {
    await using docker = await engine(STAYS, LOG);
    using server = await startsSlowly(3);
    const { exitCode, stdout } = await gate(docker, {
      listening: [server.address],
      answering: [server.url],
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ answer: 'version 1', readyAfterMs: expect.any(Number) });
    expect(server.asked()).toBe(4);
  });

  it('is asked by commands inside of it, in order, each until it succeeds', async () => {
    const exec = `exec) shift 2; [ "$1" = isready ] || { echo "PostgreSQL 16"; exit; }
      echo x >> "$0.state"; [ $(wc -l < "$0.state") -ge 3 ] ;;`;
    await using docker = await engine('wait) exec sleep 20 ;;', exec, LOG);
    const { exitCode, stdout } = await gate(docker, { exec: [['isready'], ['postgres', '--version']] });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).answer).toBe('PostgreSQL 16');
    expect((await docker.calls('docker')).filter((line) => line.startsWith('exec'))).toEqual([
      ...Array(3).fill('exec c0ffee isready'),
      'exec c0ffee postgres --version',
    ]);
  });

  it('is not watched where it is ready at once', async () => {
    await using docker = await engine();
    using server = await startsSlowly(0);
    const { exitCode } = await gate(docker, { listening: [server.address], answering: [server.url] });
    expect(exitCode).toBe(0);
    expect(await docker.calls('docker')).toEqual([]);
  });

  it('leaves no process that watches it', async () => {
    await using docker = await engine(STAYS, LOG);
    using server = await startsSlowly(1);
    await gate(docker, { answering: [server.url] });
    const pid = await readFile(join(docker.bin, 'docker.state'), 'utf8');
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('fails at its deadline, with its log', async () => {
    await using docker = await engine(STAYS, LOG);
    using server = await startsSlowly(Number.POSITIVE_INFINITY);
    const { exitCode, stderr } = await gate(docker, { answering: [server.url], deadlineMs: 300 });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'nginx is not ready after 0.3 s. Its last log lines:\nstarting\ncannot bind: port in use',
    );
  });
});

describe('a container that exits', () => {
  it('fails at once, with its last words from both streams', async () => {
    await using docker = await engine(exits(137), LOG);
    using server = await startsSlowly(Number.POSITIVE_INFINITY);
    const started = performance.now();
    const { exitCode, stdout, stderr } = await gate(docker, { answering: [server.url] });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'nginx exited with code 137 (killed, as when the memory limit is reached). Its last log lines:\nstarting\ncannot bind: port in use',
    );
    expect(await docker.calls('docker')).toContain('logs --tail 15 c0ffee');
  });

  it('says so where it logged nothing', async () => {
    await using docker = await engine(exits(1), 'logs) ;;');
    const { stderr } = await gate(docker, { listening: ['127.0.0.1:1'] });
    expect(stderr).toMatch(/exited with code 1\. .*\n\(it logged nothing\)$/);
  });

  it('is not mistaken for one that cannot be watched', async () => {
    const gone = 'echo "Error response from daemon: No such container: c0ffee" >&2; exit 1 ;;';
    await using docker = await engine(`wait) ${gone}`, `logs) ${gone}`);
    const { exitCode, stderr } = await gate(docker, { listening: ['127.0.0.1:1'] });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^nginx cannot be watched: Error response from daemon: No such container: c0ffee/);
    expect(stderr).toContain('(no log: Error response');
  });
});

describe('a container that runs once', () => {
  it('is ready when it ended well, and its last line is the answer', async () => {
    await using docker = await engine(exits(0), `logs) echo '{"ca":"PEM"}' ;;`);
    const { exitCode, stdout } = await gate(docker, { oneShot: true });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).answer).toBe('{"ca":"PEM"}');
    expect(await docker.calls('docker')).toContain('logs --tail 1 c0ffee');
  });

  it('fails with its log when it ended badly', async () => {
    await using docker = await engine(exits(1), LOG);
    const { exitCode, stderr } = await gate(docker, { name: 'tls-init', oneShot: true });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^tls-init failed with exit code 1\. Its last log lines:\nstarting/);
  });

  it('fails at its deadline when it does not end', async () => {
    await using docker = await engine(STAYS, LOG);
    const { exitCode, stderr } = await gate(docker, { oneShot: true, deadlineMs: 200 });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^nginx is not ready after 0\.2 s/);
  });
});

/** A process that has ended but was not yet waited for does not count. */
async function isRunning(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid.trim()}/stat`, 'utf8').catch(() => ') Z');
  return !status.includes(') Z');
}
