/** Finds the results of an earlier run. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { resultsDir } from '../paths.ts';
import { readableSummary, type Summary } from './summary-schema.ts';
import { SUMMARY_JSON } from './write.ts';

export interface Run {
  summary: Summary;
  summaryJson: string;
  /** Folder that it lies in. */
  directory: string;
}

/**
 * @param run id of a run or `latest`, both in `results/`; or the path of a run's folder or of a summary.json
 * @throws UsageError where there is none, or none that this version can read
 */
export async function readRun(run: string): Promise<Run> {
  const summaryJson = await locate(run);
  return {
    summary: parse(await text(run, summaryJson), summaryJson),
    summaryJson,
    directory: dirname(summaryJson),
  };
}

/** An id is no path: `results` is looked into first. */
async function locate(run: string): Promise<string> {
  const kept = join(resultsDir, run, SUMMARY_JSON);
  if (/^[\w.-]+$/.test(run) && (await isFile(kept))) return kept;
  return (await isFile(run)) ? resolve(run) : resolve(run, SUMMARY_JSON);
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

async function text(run: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(
      `there is no run "${run}" in ${resultsDir}, nor at that path; "bench load" makes one`,
      {
        cause,
      },
    );
  }
}

function parse(json: string, path: string): Summary {
  try {
    const summary: Summary = JSON.parse(json);
    readableSummary.parse(summary);
    return summary;
  } catch (cause) {
    throw new UsageError(`${path} is not a summary of this version of the bench`, { cause });
  }
}
