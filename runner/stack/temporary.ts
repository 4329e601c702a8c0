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

/**
 * A folder for the temporary files of Pulumi, that ends with this process: its Node language host leaves the
 * pipes of every operation behind.
 */
export function temporaryFolder(): string {
  mkdirSync(temporaryRoot, { recursive: true });
  for (const left of leftoverTemporary()) rmSync(left, { recursive: true, force: true });
  const folder = join(temporaryRoot, `pulumi-${randomBytes(4).toString('hex')}`);
  makeHeld(folder);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
