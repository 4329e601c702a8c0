/** From a name or a path to a checked profile. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.ts';
import { type Layer, mergeLayers, parseLayer, placeOf } from './layers.ts';
import { environmentOverrides, isObject, type Override } from './override.ts';
import { checkProfile } from './parse.ts';
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
 * Loads a bundled profile by its name, or any profile by the path of its YAML file, with all that it extends. The
 * environment is applied first, then `--set`; the profile names what was applied.
 * Throws a UsageError that lists the known names, or every problem with its place.
 */
export async function loadProfile(
  nameOrPath: string,
  flags: Override[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Profile> {
  const layers = await loadLayers(nameOrPath);
  const merged = mergeLayers(layers);
  const scenarios = isObject(merged) && isObject(merged.scenarios) ? Object.keys(merged.scenarios) : [];
  const overrides = [...environmentOverrides(env, scenarios), ...flags];
  const profile = checkProfile(layers, overrides);
  if (overrides.length === 0) return profile;
  return { ...profile, overrides: overrides.map(({ source }) => source) };
}

/** The profile's own file first, then what it extends. */
async function loadLayers(nameOrPath: string, seen: string[] = []): Promise<Layer[]> {
  const { path, file } = await locate(nameOrPath);
  if (seen.includes(path)) {
    throw new UsageError(
      `the profile ${file} extends itself: ${[...seen, path].map((one) => basename(one)).join(' → ')}`,
    );
  }
  const layer = parseLayer(await read(path, file), file);
  const base = isObject(layer.raw) ? layer.raw.extends : undefined;
  if (base === undefined) return [layer];
  if (typeof base !== 'string') {
    throw new UsageError(
      `${placeOf([layer], ['extends'])} extends: must be the name or the path of a profile`,
    );
  }
  // A path is meant from where it is written.
  const target = isProfilePath(base) ? resolve(dirname(path), base) : base;
  return [layer, ...(await loadLayers(target, [...seen, path]))];
}

/** True of what names a file, false of what names a bundled profile. */
export const isProfilePath = (nameOrPath: string) => /[/\\]|\.ya?ml$/.test(nameOrPath);

async function locate(nameOrPath: string): Promise<{ path: string; file: string }> {
  if (isProfilePath(nameOrPath)) return { path: resolve(nameOrPath), file: nameOrPath };
  const known = await knownProfiles();
  if (!known.includes(nameOrPath)) {
    throw new UsageError(
      `no profile "${nameOrPath}"; known: ${known.join(', ')}, or the path of a YAML file (./mine.yaml)`,
    );
  }
  return { path: fileURLToPath(new URL(`${nameOrPath}.yaml`, bundled)), file: `${nameOrPath}.yaml` };
}

async function read(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the profile ${file}: ${reason}`, { cause: error });
  }
}
