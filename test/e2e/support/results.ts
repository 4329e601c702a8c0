/** The results of a run, as a reader finds them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { projectRoot, resultsDir } from '../../../runner/paths.ts';
import type { Summary } from '../../../runner/result/summary-schema.ts';
import type { Ended } from './cli.ts';

/** Folder of the run that a command's report names. */
export function directoryOf({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): string {
  const id = /^ {2}run (\d{8}T\d{6}Z-[0-9a-f]{6}) /m.exec(stdout)?.[1];
  if (id === undefined) throw new Error(`no report of a run:\n${stdout}\n${stderr}`);
  return join(resultsDir, id);
}

/** summary.json, once docs/summary.schema.json has agreed to it. */
export function readSummary(directory: string): Summary {
  const summary: Summary = readJson(join(directory, 'summary.json'));
  // Formats are for other readers.
  const ajv = new Ajv2020({ validateFormats: false });
  const valid = ajv.validate(readJson(join(projectRoot, 'docs/summary.schema.json')), summary);
  if (!valid) throw new Error(`summary.json is not as its schema: ${ajv.errorsText()}`);
  return summary;
}

// biome-ignore lint/suspicious/noExplicitAny: what is in the file is what the tests find out
export function readJson(path: string): any {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** All files below a folder, as text, by path. */
export function textFiles(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}
