/** Config as it stands in Pulumi's files, read without Pulumi. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../paths.ts';
import { readRun, runFolders } from './runs.ts';

export const CONFIG_PREFIX = 'certctl-bench:';

/** The defaults of the project. */
export const projectDefaults = (): Record<string, string> => configOf('Pulumi.yaml');

/** What stands in the config of a stack; encrypted values are left out, as is all where there is no such stack. */
export function stackConfigFile(stack: string | undefined): Record<string, string> {
  if (stack === undefined) return {};
  const name = `Pulumi.${stack}.yaml`;
  const run = readRun(stack);
  // An ephemeral stack stays on the engine that was found when it was made.
  return run ? { dockerHost: run.engine, ...configOf(name, runFolders(run).work) } : configOf(name);
}

/** True where the config of a stack has an encrypted value of that key. */
export function hasSecret(stack: string, key: string): boolean {
  return typeof entriesOf(`Pulumi.${stack}.yaml`)[CONFIG_PREFIX + key] === 'object';
}

function configOf(file: string, folder = projectRoot): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entriesOf(file, folder)).flatMap(([name, entry]) => {
      const value = (entry as { default?: unknown } | null)?.default ?? entry;
      const isPlain = name.startsWith(CONFIG_PREFIX) && typeof value !== 'object';
      return isPlain ? [[name.slice(CONFIG_PREFIX.length), String(value)]] : [];
    }),
  );
}

function entriesOf(file: string, folder = projectRoot): Record<string, unknown> {
  try {
    return parse(readFileSync(join(folder, file), 'utf8'))?.config ?? {};
  } catch {
    return {};
  }
}
