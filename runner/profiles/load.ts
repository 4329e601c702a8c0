/** From a name or a path to a checked profile. */
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.ts';
import { parseProfile } from './parse.ts';
import type { Profile } from './profile.ts';

const bundled = new URL('./', import.meta.url);

/** Names of the profiles that come with the bench. */
export async function knownProfiles(): Promise<string[]> {
  const files = await readdir(bundled);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/**
 * Loads a bundled profile by its name, or any profile by the path of its YAML file.
 * Throws a UsageError that lists the known names, or every problem of the file with its place.
 */
export async function loadProfile(nameOrPath: string): Promise<Profile> {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) return parseProfile(await read(nameOrPath), nameOrPath);
  const known = await knownProfiles();
  if (!known.includes(nameOrPath)) {
    throw new UsageError(
      `no profile "${nameOrPath}"; known: ${known.join(', ')}, or the path of a YAML file (./mine.yaml)`,
    );
  }
  const path = fileURLToPath(new URL(`${nameOrPath}.yaml`, bundled));
  return parseProfile(await read(path), `${nameOrPath}.yaml`);
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the profile ${path}: ${reason}`, { cause: error });
  }
}
