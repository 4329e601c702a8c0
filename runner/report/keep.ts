/** The end of every run: its summary and reports are written, or at least shown. */
import { appendFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { coloursFor } from '../colours.ts';
import { resultsDir } from '../paths.ts';
import type { Plan } from '../plan/plan.ts';
import { HISTOGRAM_LOG } from '../result/histogram-log.ts';
import type { Summary } from '../result/summary-schema.ts';
import { summaryText, type WrittenResults, writeResults } from '../result/write.ts';
import { renderAll } from './formats.ts';
import { summaryMd } from './summary-md.ts';
import { renderSummaryText } from './summary-txt.ts';

const MIB = 2 ** 20;
const NS_PER_SECOND = 1e9;
/** Measured: 0.4 KiB of JSON and CSV, and three times that in charts. */
const BYTES_A_SCENARIO_SECOND = 2048;

/** What the results of a run of this plan may take on the disk, in bytes. */
export function roomForResults({ scenarios }: Plan): number {
  const seconds = scenarios.reduce((sum, { endNs }) => sum + endNs / NS_PER_SECOND, 0);
  return 4 * MIB + Math.ceil(seconds) * BYTES_A_SCENARIO_SECOND;
}

export interface KeepOptions {
  /** Where the text report is printed; stdout where absent. */
  out?: NodeJS.WriteStream | undefined;
  dir?: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Writes the results, prints the text report on `out`, and adds the verdict to the workflow's page where GitHub's
 * runner asks for it. Where the disk has failed since the load began, the summary goes to stdout as JSON. A report that
 * cannot be made of it is named on stderr, and missing.
 * @returns the folder of the run
 * @throws EnvironmentError where the results could not be written
 */
export async function keep(
  summary: Summary,
  histograms: string,
  { out = process.stdout, dir = resultsDir, env = process.env }: KeepOptions = {},
): Promise<string> {
  const shown = relative(process.cwd(), join(dir, summary.run.id)) || '.';
  const { files, problems } = await renderAll(summary, shown);
  const text = (stream: NodeJS.WriteStream) =>
    attempt('the text report', () =>
      stream.write(
        renderSummaryText(summary, { color: coloursFor(stream).isColorSupported, directory: shown }),
      ),
    );
  let written: WrittenResults;
  try {
    const log = { name: HISTOGRAM_LOG, content: histograms };
    written = await writeResults(dir, { summary, files: [log, ...files] });
  } catch (error) {
    process.stdout.write(summaryText(summary));
    await text(process.stderr);
    throw error;
  }
  await text(out);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const page = env.GITHUB_STEP_SUMMARY;
  if (page) await attempt('GITHUB_STEP_SUMMARY', () => appendFile(page, `${summaryMd(summary)}\n`));
  return written.directory;
}

/** What is only a copy of what is kept: that it fails is told, and changes nothing of the run. */
async function attempt(what: string, write: () => unknown): Promise<void> {
  try {
    await write();
  } catch (error) {
    process.stderr.write(`${what} was not written: ${(error as Error).message}\n`);
  }
}
