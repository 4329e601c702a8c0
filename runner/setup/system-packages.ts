/** Debian's packages: the one thing that `setup` changes outside of this folder, and only when told to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { EnvironmentError } from '../errors.ts';
import { benchDir } from '../paths.ts';
import { runLogged } from './run-logged.ts';

/** True on Debian, Ubuntu and what calls itself like them. */
function isDebianLike(): boolean {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** True where a program of that name is on PATH. */
export async function hasProgram(name: string): Promise<boolean> {
  return !(await execa('sh', ['-c', `command -v ${name}`], { reject: false })).failed;
}

/** @throws EnvironmentError naming `remedy` where packages cannot be installed here. */
export function requirePackageManager(what: string, remedy: string): void {
  if (isDebianLike() && process.getuid?.() === 0) return;
  const why = isDebianLike() ? 'this is not root' : 'this is neither Debian nor Ubuntu';
  throw new EnvironmentError(`${what}, and it cannot be installed from packages because ${why}: ${remedy}`);
}

export async function installPackages(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runLogged('apt-get', ['update', '-q'], join(benchDir, 'logs', 'apt-update.log'), { env });
  const args = ['install', '-q', '-y', '--no-install-recommends', ...packages];
  await runLogged('apt-get', args, join(benchDir, 'logs', 'apt-install.log'), { env });
}
