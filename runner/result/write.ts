/** Writes a run's results so that they are either all there or not there. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '../errors.ts';
import type { Summary } from './summary-schema.ts';

/** One file among the results of a run. */
export interface ResultFile {
  name: string;
  content: string;
}

export interface Results {
  summary: Summary;
  /** All others: the reports, summary.txt among them, and the raw histograms. */
  files: ResultFile[];
}

export const SUMMARY_JSON = 'summary.json';

export interface WrittenResults {
  /** `<dir>/<run id>` */
  directory: string;
  summaryJson: string;
}

/**
 * Makes the results directory and proves that `bytes` can be written in it; to be called before the load, because a
 * measurement that cannot be kept is not worth making. Writes them, for quotas and full disks do not show otherwise.
 * Throws an EnvironmentError.
 */
export async function ensureWritable(dir: string, bytes: number): Promise<void> {
  const probe = join(dir, `.probe-${randomBytes(4).toString('hex')}`);
  await orExplain(dir, async () => {
    await mkdir(dir, { recursive: true });
    try {
      await writeFile(probe, Buffer.alloc(bytes), { flush: true });
    } finally {
      await rm(probe, { force: true });
    }
  });
}

/**
 * Writes `<dir>/<run id>/` with summary.json and the other files, then points `latest`, `summary.json` and
 * `summary.txt` in `dir` to it. The directory is prepared under another name and renamed, each link is replaced by a
 * rename: a reader never sees half a run. Throws an EnvironmentError.
 */
export async function writeResults(dir: string, { summary, files }: Results): Promise<WrittenResults> {
  const id = summary.run.id;
  const directory = join(dir, id);
  const draft = join(dir, `.tmp-${id}`);
  await orExplain(directory, async () => {
    try {
      await mkdir(draft);
      await save(join(draft, SUMMARY_JSON), summaryText(summary));
      for (const { name, content } of files) await save(join(draft, name), content);
      await rename(draft, directory);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
  await orExplain(join(dir, 'latest'), async () => {
    await link(dir, 'latest', id);
    for (const name of [SUMMARY_JSON, 'summary.txt']) await link(dir, name, join('latest', name));
  });
  return { directory, summaryJson: join(directory, SUMMARY_JSON) };
}

/** Content of summary.json. */
export function summaryText(summary: Summary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}

/** Replaces files in the folder of a run, each at once. Throws an EnvironmentError. */
export async function replaceFiles(directory: string, files: ResultFile[]): Promise<void> {
  await orExplain(directory, async () => {
    for (const { name, content } of files) {
      const draft = join(directory, `.tmp-${name}`);
      try {
        await save(draft, content);
        await rename(draft, join(directory, name));
      } finally {
        await rm(draft, { force: true });
      }
    }
  });
}

/** On the disk before the rename makes it visible. */
function save(path: string, content: string): Promise<void> {
  return writeFile(path, content, { flush: true });
}

async function link(dir: string, name: string, target: string): Promise<void> {
  const draft = join(dir, `.link-${name}-${randomBytes(4).toString('hex')}`);
  await symlink(target, draft);
  try {
    await rename(draft, join(dir, name));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function orExplain(path: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(
      `cannot write the results to ${path}; free space there or make it writable (${reason})`,
      { cause: error },
    );
  }
}
