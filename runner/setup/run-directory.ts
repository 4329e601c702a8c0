/** The folder of a private engine's socket, pid file and log, once the engine has ended. */
import { existsSync, rmSync } from 'node:fs';
import { unmountIn } from './unmount.ts';

/** Removes it, with what the engine leaves mounted in it: the host's network namespace, once a container has used that. */
export async function removeRunDirectory(folder: string, mounts?: string): Promise<void> {
  if (!existsSync(folder)) return;
  await unmountIn(folder, mounts);
  rmSync(folder, { recursive: true, force: true });
}
