/** Locks that a killed Pulumi left on stacks of the embedded backend. */
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { embeddedState } from '../stack/backend.ts';
import type { Check } from './finding.ts';

/** As Pulumi's DIY backend writes it (pkg/backend/diy/lock.go). */
const lockSchema = z.object({ pid: z.int(), hostname: z.string() });

export const leftoverLocks: Check = async () => {
  const left = lockFiles()
    .filter(isLeftover)
    .map((file) => basename(dirname(file)));
  if (left.length === 0) return { what: 'leftover locks', state: 'found', from: 'none' };
  const stacks = [...new Set(left)];
  return {
    what: 'leftover locks',
    state: 'missing',
    from: `a command that is gone still holds ${stacks.join(', ')}`,
    remedy: stacks.map((stack) => `"bench down --stack ${stack}"`).join(', '),
  };
};

function lockFiles(): string[] {
  const folder = join(embeddedState, '.pulumi/locks');
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** True where the process that made the lock, on this machine, has ended. */
function isLeftover(file: string): boolean {
  try {
    const lock = lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return lock.hostname === hostname() && !isAlive(lock.pid);
  } catch {
    // It has gone meanwhile.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
