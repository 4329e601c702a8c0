/** Hash of files and folders by what is in them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * SHA-256 over the names and contents of all files in `paths`, in hex.
 * @throws Error naming a path that is not there.
 */
export function contentHash(paths: string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    const folder = statSync(path).isDirectory();
    const names = folder ? readdirSync(path, { recursive: true, encoding: 'utf8' }).sort() : [''];
    const files = names.filter((name) => statSync(join(path, name)).isFile());
    // Counts and lengths go in as well: else text could move from one file into the next unseen.
    hash.update(`${files.length}\0`);
    for (const file of files) {
      const content = readFileSync(join(path, file));
      hash.update(`${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}
