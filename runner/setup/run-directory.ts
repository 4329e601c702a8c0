/** The folder of a private engine's socket, pid file and log, once the engine has ended. */
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * Removes it, with what the engine leaves mounted in it: the host's network namespace, once a container has used that.
 * @param mounts as in /proc/self/mounts
 */
export async function removeRunDirectory(
  folder: string,
  mounts = readFileSync('/proc/self/mounts', 'utf8'),
): Promise<void> {
  if (!existsSync(folder)) return;
  const inside = join(realpathSync(folder), '/');
  const points = mounts.split('\n').map((line) => line.split(' ')[1]?.replaceAll('\\040', ' ') ?? '');
  // The last one mounted may lie within an earlier one.
  for (const point of points.filter((one) => one.startsWith(inside)).reverse())
    await execa('umount', [point]);
  rmSync(folder, { recursive: true, force: true });
}
