/** Locks of Pulumi on the stacks of a file backend. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Holder, holderSchema, isAlive } from '../liveness.ts';

export interface Lock {
  file: string;
  stack: string;
  /** As Pulumi's DIY backend writes it (pkg/backend/diy/lock.go). */
  holder: Holder;
}

/** @param state folder of the backend */
export function locksIn(state: string): Lock[] {
  const folder = join(state, '.pulumi/locks');
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names.filter((name) => name.endsWith('.json')).flatMap((name) => readLock(join(folder, name)));
}

function readLock(file: string): Lock[] {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return [{ file, stack: basename(dirname(file)), holder }];
  } catch {
    // It has gone meanwhile.
    return [];
  }
}

/** Locks whose process has ended: nobody else will take them away. */
export const leftoverLocks = (state: string): Lock[] =>
  locksIn(state).filter(({ holder }) => !isAlive(holder));

/** Takes the leftover locks of a stack away. */
export function unlock(state: string, stack: string): void {
  for (const lock of leftoverLocks(state)) if (lock.stack === stack) rmSync(lock.file, { force: true });
}
