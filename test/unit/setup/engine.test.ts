import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { runDir } from '../../../runner/paths.ts';
import {
  findEngine,
  freeAddressPool,
  startPrivateEngine,
  stopPrivateEngine,
} from '../../../runner/setup/engine.ts';
import { FakePrograms } from '../../support/fake-program.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

beforeEach(() => void vi.stubEnv('DOCKER_HOST', undefined));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(runDir(), { recursive: true, force: true });
});

const privateHost = () => `unix://${join(runDir(), 'docker.sock')}`;

/** A docker command behind which an engine answers at these addresses only; '' is the CLI's own choice. */
async function enginesAt(...hosts: string[]) {
  const cases = hosts.map((host) => `"version ${host}") echo 27.1 ;;`).join('\n');
  const script = `case "$1 $DOCKER_HOST" in
    ${cases}
    "context "*) echo unix:///context.sock ;;
    *) exit 1 ;;
  esac`;
  const fake = await FakePrograms.make({ docker: script });
  vi.stubEnv('PATH', fake.path);
  return fake;
}

function leavePrivateFile(name: string, text = ''): void {
  mkdirSync(runDir(), { recursive: true });
  writeFileSync(join(runDir(), name), text);
}

describe('findEngine', () => {
  it("finds the person's own, at the address of the docker context", async () => {
    await using _ = await enginesAt('', privateHost());
    leavePrivateFile('docker.sock');
    expect(await findEngine()).toEqual({ host: 'unix:///context.sock', kind: 'found', version: '27.1' });
  });

  it('finds the one that DOCKER_HOST names', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://hardware.test:2376');
    await using _ = await enginesAt('tcp://hardware.test:2376');
    expect(await findEngine()).toEqual({ host: 'tcp://hardware.test:2376', kind: 'found', version: '27.1' });
  });

  it('finds the private one where no other answers', async () => {
    await using _ = await enginesAt(privateHost());
    leavePrivateFile('docker.sock');
    expect(await findEngine()).toEqual({ host: privateHost(), kind: 'private', version: '27.1' });
  });

  it('knows the private one by its address, also when "bench env" put it into DOCKER_HOST', async () => {
    vi.stubEnv('DOCKER_HOST', privateHost());
    await using _ = await enginesAt(privateHost());
    expect((await findEngine())?.kind).toBe('private');
  });

  it('finds none where none answers, not even a private one that has ended', async () => {
    await using _ = await enginesAt();
    expect(await findEngine()).toBeUndefined();
    leavePrivateFile('docker.sock');
    expect(await findEngine()).toBeUndefined();
    vi.stubEnv('DOCKER_HOST', privateHost());
    expect(await findEngine(), 'it will be started anew').toBeUndefined();
  });

  it('does not fall back from an engine that was named', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://hardware.test:2376');
    await using _ = await enginesAt('', privateHost());
    leavePrivateFile('docker.sock');
    const asked = findEngine();
    await expect(asked).rejects.toThrow(EnvironmentError);
    await expect(asked).rejects.toThrow(
      'DOCKER_HOST=tcp://hardware.test:2376; start it or unset DOCKER_HOST',
    );
  });
});

describe('startPrivateEngine', () => {
  const ours = () => ({ host: privateHost(), kind: 'private', version: '27.1' });

  /** A process that is a dockerd by its file, for so many seconds, and has the pid file. */
  async function dockerdFor(seconds: number, { bin }: FakePrograms) {
    const file = join(bin, 'real-dockerd');
    copyFileSync('/bin/sleep', file);
    const daemon = spawn(file, [String(seconds)]);
    await once(daemon, 'spawn');
    leavePrivateFile('docker.pid', String(daemon.pid));
    return daemon;
  }

  it('waits for one that is ending, and leaves its directory to whoever ended it', async () => {
    await using fake = await enginesAt(privateHost());
    const ending = await dockerdFor(1, fake);
    // As a command does that ends an engine and lives to clean up: later than the first look of those that wait.
    const removed = once(ending, 'exit')
      .then(() => sleep(200))
      .then(() => rmSync(runDir(), { recursive: true }));
    await fake.add('dockerd', `touch '${join(runDir(), 'docker.sock')}'; sleep 2`);
    expect(await startPrivateEngine()).toEqual(ours());
    expect(ending.exitCode).toBe(0);
    await removed;
    expect(existsSync(join(runDir(), 'docker.sock')), 'that of the new one').toBe(true);
  });

  it('takes one that another command is starting', async () => {
    await using fake = await enginesAt(privateHost());
    await fake.add('dockerd', 'exit 1');
    const starting = await dockerdFor(20, fake);
    setTimeout(() => leavePrivateFile('docker.sock'), 300);
    expect(await startPrivateEngine()).toEqual(ours());
    expect(await fake.calls('dockerd')).toEqual([]);
    starting.kill('SIGKILL');
  });

  it('says what its log ends with where it exits', async () => {
    await using fake = await enginesAt();
    await fake.add('dockerd', 'echo "no iptables here" >&2; exit 1');
    await expect(startPrivateEngine()).rejects.toThrow('did not start: no iptables here');
  });
});

describe('freeAddressPool', () => {
  const addresses = fc.array(fc.nat(255).map((second) => `10.${second}.0.1`));

  it('is one that no interface is in', () => {
    fc.assert(
      fc.property(addresses, (taken) => {
        const pool = freeAddressPool(['127.0.0.1', '::1', '192.168.0.2', ...taken]);
        const [, second] = /^10\.(\d+)\.0\.0\/16$/.exec(pool) ?? [];
        expect(Number(second)).toBeGreaterThan(200);
        expect(taken).not.toContain(`10.${second}.0.1`);
      }),
    );
  });

  it('is always the same for the same interfaces, and moves on from one in use', () => {
    expect(freeAddressPool([])).toBe('10.201.0.0/16');
    expect(freeAddressPool(['10.201.3.1', '10.20.0.1', '10.202.0.1'])).toBe('10.203.0.0/16');
  });

  it('says so when there is none left', () => {
    const all = Array.from({ length: 256 }, (_, second) => `10.${second}.0.1`);
    expect(() => freeAddressPool(all)).toThrow(EnvironmentError);
  });
});

describe('stopPrivateEngine', () => {
  it('does nothing where none was started', async () => {
    expect(await stopPrivateEngine()).toBe(false);
  });

  it('ends no process whose number is in an old pid file but which is no dockerd', async () => {
    const other = spawn('sleep', ['20']);
    leavePrivateFile('docker.pid', String(other.pid));
    expect(await stopPrivateEngine()).toBe(false);
    expect(other.kill('SIGKILL'), 'it was still there').toBe(true);
    expect(await once(other, 'exit')).toEqual([null, 'SIGKILL']);
  });

  it('minds no pid file that makes no sense', async () => {
    leavePrivateFile('docker.pid', 'not a number');
    expect(await stopPrivateEngine()).toBe(false);
  });
});
