/** What `setup` chose on this machine, kept in `.bench/setup.json`, so that a flaky network changes nothing later. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { EnvironmentError } from '../errors.ts';
import { benchDir } from '../paths.ts';

const recordSchema = z.object({
  imageSource: z.enum(['registry', 'debian']),
  /** Content address of the Debian image in the engine, where that is the source. */
  debianImage: z.string().optional(),
});
export type SetupRecord = z.infer<typeof recordSchema>;

const file = join(benchDir, 'setup.json');

/** @throws EnvironmentError where the file is there but is not what `setup` writes. */
export function readRecord(): SetupRecord | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new EnvironmentError(`${file} cannot be read; remove it and run "bench setup"`, { cause });
  }
}

export function writeRecord(record: SetupRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(fresh, file);
}
