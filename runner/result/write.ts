/** Writes a run's results so that they are either all there or not there. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '../errors.ts';
import type { HistogramFile } from './histogram-files.ts';
import type { Summary } from './summary-schema.ts';

export interface Results {
  summary: Summary;
  /** Content of summary.txt. */
  text: string;
  histograms: HistogramFile[];
}

export interface WrittenResults {
  /** `<dir>/<run id>` */
  directory: string;
  summaryJson: string;
  summaryText: string;
}

/**
 * Makes the results directory and proves that a file can be written in it; to be called before the load,
 * because a measurement that cannot be kept is not worth making. Throws an EnvironmentError.
 */
export async function ensureWritable(dir: string): Promise<void> {
  const probe = join(dir, `.probe-${randomBytes(4).toString('hex')}`);
  await orExplain(dir, async () => {
    await mkdir(dir, { recursive: true });
    await writeFile(probe, 'x', { flush: true });
    await rm(probe);
  });
}

/**
 * Writes `<dir>/<run id>/` with summary.json, summary.txt and histograms/, then points `latest`, `summary.json`
 * and `summary.txt` in `dir` to it. The directory is prepared under another name and renamed, each link is
 * replaced by a rename: a reader never sees half a run. Throws an EnvironmentError.
 */
export async function writeResults(
  dir: string,
  { summary, text, histograms }: Results,
): Promise<WrittenResults> {
  const id = summary.run.id;
  const directory = join(dir, id);
  const draft = join(dir, `.tmp-${id}`);
  await orExplain(directory, async () => {
    try {
      await mkdir(join(draft, 'histograms'), { recursive: true });
      await save(join(draft, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
      await save(join(draft, 'summary.txt'), text);
      for (const { name, content } of histograms) await save(join(draft, 'histograms', name), content);
      await rename(draft, directory);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
  await orExplain(join(dir, 'latest'), async () => {
    await link(dir, 'latest', id);
    await link(dir, 'summary.json', join('latest', 'summary.json'));
    await link(dir, 'summary.txt', join('latest', 'summary.txt'));
  });
  return {
    directory,
    summaryJson: join(directory, 'summary.json'),
    summaryText: join(directory, 'summary.txt'),
  };
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
