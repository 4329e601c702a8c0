/** What an engine has mounted and leaves mounted where it does not end in order. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * Unmounts what is mounted in the folder.
 * @param mounts as in /proc/self/mounts
 */
export async function unmountIn(
  folder: string,
  mounts = readFileSync('/proc/self/mounts', 'utf8'),
): Promise<void> {
  const inside = join(resolved(folder), '/');
  // The last one mounted may lie within an earlier one.
  for (const point of pointsOf(mounts).reverse())
    if (point.startsWith(inside)) await execa('umount', [point]);
}

/** The same, and then what is mounted at the folder itself: of its data root an engine makes a mount. */
export async function unmountAt(
  folder: string,
  mounts = readFileSync('/proc/self/mounts', 'utf8'),
): Promise<void> {
  await unmountIn(folder, mounts);
  for (const point of pointsOf(mounts)) if (point === resolved(folder)) await execa('umount', [point]);
}

const resolved = (folder: string) => (existsSync(folder) ? realpathSync(folder) : folder);

/** In the order in which they were mounted. */
const pointsOf = (mounts: string) =>
  mounts.split('\n').map((line) => line.split(' ')[1]?.replaceAll('\\040', ' ') ?? '');
