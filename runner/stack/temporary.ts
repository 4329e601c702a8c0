import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { benchDir } from '../paths.ts';
import { completeFolders, isUnheld, makeHeld } from './held-folder.ts';

/** Parent of the folders that `temporaryFolder` makes. */
export const temporaryRoot = join(benchDir, 'tmp');

/** Those whose process has ended without taking them away. */
export const leftoverTemporary = (): string[] =>
  completeFolders(temporaryRoot)
    .map((name) => join(temporaryRoot, name))
    .filter(isUnheld);

const mine = new Set<string>();
process.once('exit', leaveTemporary);

/**
 * A folder for temporary files of this process, that ends with it: Pulumi's Node language host leaves the pipes of every
 * operation behind. As long as it is there, others see that a command is at work.
 */
export function temporaryFolder(prefix = 'pulumi'): string {
  mkdirSync(temporaryRoot, { recursive: true });
  for (const left of leftoverTemporary()) rmSync(left, { recursive: true, force: true });
  const folder = join(temporaryRoot, `${prefix}-${randomBytes(4).toString('hex')}`);
  makeHeld(folder);
  mine.add(folder);
  return folder;
}

/** Removes one of them. */
export function leaveFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mine.delete(folder);
}

/** Removes all that `temporaryFolder` made for this process. */
export function leaveTemporary(): void {
  for (const folder of mine) leaveFolder(folder);
}
