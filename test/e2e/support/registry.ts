/** Container registries on loopback ports: Debian's docker-registry, which is installed where it is missing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { hasProgram, installPackages, requirePackageManager } from '../../../runner/setup/system-packages.ts';
import { freePort } from '../../support/free-port.ts';

export async function installRegistry(): Promise<void> {
  if (await hasProgram('docker-registry')) return;
  requirePackageManager('this test needs docker-registry', 'install docker-registry');
  await installPackages(['docker-registry']);
}

export interface Registry {
  /** `127.0.0.1:port` */
  address: string;
  stop: () => Promise<void>;
}

/**
 * Serves what lies in `folder`/data; several may serve the same.
 * @param htpasswd who may come in, as `htpasswd -B` writes it; undefined: everybody
 */
export async function startRegistry(folder: string, htpasswd?: string): Promise<Registry> {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, `${address}.yml`);
  const users = join(folder, `${address}.htpasswd`);
  if (htpasswd !== undefined) writeFileSync(users, htpasswd);
  writeFileSync(
    config,
    JSON.stringify({
      version: '0.1',
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, 'data') } },
      http: { addr: address },
      ...(htpasswd !== undefined && { auth: { htpasswd: { realm: 'test', path: users } } }),
    }),
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  await answering(address, child);
  return {
    address,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function answering(address: string, child: ChildProcess): Promise<void> {
  while (!(await fetch(`http://${address}/v2/`).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}`);
    await sleep(50);
  }
}

/** Asks with the docker CLI of the image `image`, which has Apache's htpasswd. */
export async function htpasswd(host: string, image: string, user: string, password: string): Promise<string> {
  const run = ['run', '--rm', '--network', 'none', '--interactive', image, 'htpasswd', '-niB', user];
  const { stdout } = await execa('docker', run, { env: { DOCKER_HOST: host }, input: password });
  return `${stdout.trim()}\n`;
}
