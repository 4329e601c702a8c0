/** Resolves tags to digests, by the engine that will pull them and with the credentials of the docker CLI. */
import { writeFileSync } from 'node:fs';
import { ExecaError, execa } from 'execa';
import { DIGEST, type ImageLock, LOCK_FILE } from '../../infra/registry/lock.ts';

export interface Wanted {
  /** As the lock file names it: `postgres:16-alpine`. */
  reference: string;
  /** What is asked for: the same, or its place in a mirror. */
  pulled: string;
}

export interface Pinned {
  reference: string;
  digest?: string;
  /** In the registry's words, in one line, where there is no digest. */
  problem?: string;
}

/** What the registry says that the tag is now. Pulls the image, which the next `up` needs anyway. */
export async function resolveDigest(host: string, { reference, pulled }: Wanted): Promise<Pinned> {
  try {
    const { stdout } = await execa('docker', ['pull', pulled], { env: { DOCKER_HOST: host } });
    const digest = /^Digest: (\S+)$/m.exec(stdout)?.[1] ?? '';
    return DIGEST.test(digest)
      ? { reference, digest }
      : { reference, problem: 'the registry named no digest' };
  } catch (error) {
    const said = error instanceof ExecaError ? String(error.stderr) : String(error);
    return { reference, problem: said.trim().split('\n').at(-1) || 'docker pull failed' };
  }
}

/** The lock with what was resolved; what was not stays as it is. */
export function withPins(lock: ImageLock, pins: readonly Pinned[], today: string): ImageLock {
  const fresh = pins.flatMap(({ reference, digest }) =>
    // Pinned again to the same digest it keeps its date: a run that finds nothing new changes nothing.
    digest === undefined || lock[reference]?.digest === digest
      ? []
      : [[reference, { digest, pinned: today }]],
  );
  const all: [string, ImageLock[string]][] = Object.entries({ ...lock, ...Object.fromEntries(fresh) });
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function writeLock(lock: ImageLock, file = LOCK_FILE): void {
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
