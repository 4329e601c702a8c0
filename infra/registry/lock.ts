/**
 * infra/images.lock.json: digests of the images that tags name. A tag is moved now and then, a digest never. Written by
 * `bench images pin` from what a registry said; a tag that nobody has resolved stands in it with nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const LOCK_FILE = join(import.meta.dirname, '../images.lock.json');
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

const lockSchema = z.record(z.string(), z.object({ digest: z.string().regex(DIGEST), pinned: z.iso.date() }));
/** By reference, as `postgres:16-alpine`: what it holds is the same in every mirror. */
export type ImageLock = z.infer<typeof lockSchema>;

/** @throws Error naming the file where it is not what `bench images pin` writes. */
export function readLock(file = LOCK_FILE): ImageLock {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error('infra/images.lock.json cannot be read; put the committed one back ("git checkout")', {
      cause,
    });
  }
}
