/** Image references: where they are pulled from, and by which digest. */
import type { ImageLock } from './lock.ts';

/** Tags of the official images; those of the targets stand in their files. */
export const POSTGRES_IMAGE = 'postgres:16-alpine';
export const NODE_IMAGE = 'node:24-alpine';

export interface Reference {
  /** What a person calls it. */
  name: string;
  /** What is pulled: the same, with the digest where there is one. */
  pulled: string;
  isPinned: boolean;
}

/** An official image by its tag, out of `registry` (empty: Docker Hub). */
export function officialReference(tag: string, registry: string, lock: ImageLock): Reference {
  const name = registry === '' ? tag : `${registry}/${tag}`;
  return withDigest(name, lock[tag]?.digest);
}

/** Any image by its full name. */
export function fullReference(name: string, lock: ImageLock): Reference {
  return name.includes('@') ? { name, pulled: name, isPinned: true } : withDigest(name, lock[name]?.digest);
}

const withDigest = (name: string, digest: string | undefined): Reference => ({
  name,
  pulled: digest === undefined ? name : `${name}@${digest}`,
  isPinned: digest !== undefined,
});

/** The registry that a reference names; undefined for Docker Hub. */
export function registryOf(reference: string): string | undefined {
  const [first = ''] = reference.split('/', 1);
  const isHost = first !== reference && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : undefined;
}
