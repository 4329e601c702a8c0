/** Where things lie. Everything that the bench makes on a machine is below `.bench/` and `results/`. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout (or package) that this file belongs to. */
export const projectRoot = fileURLToPath(new URL('../', import.meta.url));

export const benchDir = join(projectRoot, '.bench');
export const resultsDir = join(projectRoot, 'results');

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
