import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { benchDir } from '../paths.ts';

/** Parent of the folders that `temporaryFolder` makes. */
export const temporaryRoot = join(benchDir, 'tmp');

/**
 * A folder for the temporary files of Pulumi, that ends with this process: its Node language host leaves the
 * pipes of every operation behind.
 */
export function temporaryFolder(): string {
  mkdirSync(temporaryRoot, { recursive: true });
  const folder = mkdtempSync(join(temporaryRoot, 'pulumi-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
