/** Where things lie. Everything that the bench makes on a machine is below `.bench/` and `results/`. */
import { createHash } from 'node:crypto';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout (or package) that this file belongs to. */
export const projectRoot = fileURLToPath(new URL('../', import.meta.url));

const isInstalled = projectRoot.includes(`${sep}node_modules${sep}`);

/** What an installed package makes is kept beside the person's own files: the next `npm install` empties its folder. */
export const home = isInstalled ? process.cwd() : projectRoot;

export const benchDir = join(home, '.bench');
export const resultsDir = join(home, 'results');

/** Where npm puts the Node that it installs with the bench. */
export const npmBinDir = join(projectRoot, isInstalled ? '../.bin' : 'node_modules/.bin');

/** Unix socket addresses end at 108 bytes (sun_path), and the engine appends names of its own. */
const LONGEST_RUN_DIR = 70;

/**
 * Folder of the private engine's socket, pid file and log: `.bench/run`, or, where that path is too long for
 * a socket, a short one that is derived from it; not in the temporary directory, which differs between shells.
 */
export function runDir(): string {
  const inside = join(benchDir, 'run');
  if (Buffer.byteLength(inside) <= LONGEST_RUN_DIR) return inside;
  const hash = createHash('sha256').update(inside).digest('hex').slice(0, 8);
  return join('/run', `certctl-bench-${hash}`);
}
