/** Keeps what was made of files until one of them is another: esbuild takes a quarter of a second for a module. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { home } from './home.ts';

export interface Made {
  text: string;
  /** The files that it was made of. */
  inputs: string[];
}

interface Kept {
  recipe: string;
  /** SHA-256 of each file. */
  inputs: Record<string, string>;
  text: string;
}

/**
 * What `make` made the last time, as long as it would make the same.
 * @param name of the file in which it is kept
 * @param recipe whatever decides, besides the inputs, what is made
 * @throws what `make` throws; a cache that cannot be written is an error too
 */
export function onceOf(name: string, recipe: string, make: () => Made): string {
  const file = join(home, '.bench/cache/bundles', `${name.replaceAll('/', '-')}.json`);
  const kept = read(file);
  if (kept?.recipe === recipe && Object.entries(kept.inputs).every(([path, hash]) => hashOf(path) === hash))
    return kept.text;
  const { text, inputs } = make();
  mkdirSync(dirname(file), { recursive: true });
  const hashes = Object.fromEntries(inputs.map((path) => [path, hashOf(path) ?? '']));
  writeFileSync(`${file}.${process.pid}`, JSON.stringify({ recipe, inputs: hashes, text } satisfies Kept));
  renameSync(`${file}.${process.pid}`, file);
  return text;
}

function read(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}

/** Undefined where the file is gone. */
function hashOf(path: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return undefined;
  }
}
