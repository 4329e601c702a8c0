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
    const files = folder ? readdirSync(path, { recursive: true, encoding: 'utf8' }).sort() : [''];
    for (const file of files.map((name) => join(path, name)).filter((name) => statSync(name).isFile())) {
      hash.update(file.slice(path.length)).update('\0').update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}
