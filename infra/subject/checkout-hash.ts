/** Hash of a checkout as `docker build` sees it: without what its .dockerignore leaves out. */
import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';

/**
 * SHA-256 over names, contents and executable bits of all files that are sent to the engine, in hex.
 *
 * @param dockerfile name of the one that is built by: it and .dockerignore are sent whatever the patterns say
 */
export function checkoutHash(folder: string, dockerfile: string): string {
  const patterns = ignoreFile(folder);
  const filter = dockerignore.default({ ignorecase: false }).add(patterns);
  // An exception may lie anywhere below what is left out.
  const hasExceptions = patterns.some((line) => line.trim().startsWith('!'));
  const hash = createHash('sha256');

  const visit = (inside: string) => {
    for (const entry of readdirSync(join(folder, inside), { withFileTypes: true }).sort(byName)) {
      const path = join(inside, entry.name);
      const isLeftOut = filter.ignores(path) && path !== dockerfile && path !== IGNORE_FILE;
      if (entry.isDirectory()) {
        if (!isLeftOut || hasExceptions) visit(path);
      } else if (!isLeftOut) add(hash, join(folder, path), path, entry.isSymbolicLink());
    }
  };
  visit('');
  return hash.digest('hex');
}

const IGNORE_FILE = '.dockerignore';

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

function add(hash: Hash, file: string, path: string, isLink: boolean): void {
  // A link goes over as a link; a socket or the like does not go over at all.
  if (!isLink && !statSync(file).isFile()) return;
  const content = isLink ? Buffer.from(readlinkSync(file)) : readFileSync(file);
  const kind = isLink ? 'link' : statSync(file).mode & 0o111 ? 'program' : 'file';
  hash.update(`${kind}\0${path}\0${content.length}\0`).update(content);
}

function ignoreFile(folder: string): string[] {
  try {
    return readFileSync(join(folder, IGNORE_FILE), 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
