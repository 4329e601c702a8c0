/** The end of every run: its summary and reports are written, or at least shown. */
import { appendFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { coloursFor } from '../colours.ts';
import { resultsDir } from '../paths.ts';
import type { Plan } from '../plan/plan.ts';
import { HISTOGRAM_LOG } from '../result/histogram-log.ts';
import type { Summary } from '../result/summary-schema.ts';
import { summaryText, writeResults } from '../result/write.ts';
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
 * runner asks for it. Where the disk has failed since the load began, the summary goes to stdout as JSON.
 * @returns the folder of the run
 * @throws EnvironmentError where the results could not be written
 */
export async function keep(
  summary: Summary,
  histograms: string,
  { out = process.stdout, dir = resultsDir, env = process.env }: KeepOptions = {},
): Promise<string> {
  const shown = relative(process.cwd(), join(dir, summary.run.id)) || '.';
  const files = [...(await renderAll(summary, shown)), { name: HISTOGRAM_LOG, content: histograms }];
  const text = (stream: NodeJS.WriteStream) =>
    stream.write(
      renderSummaryText(summary, { color: coloursFor(stream).isColorSupported, directory: shown }),
    );
  try {
    const { directory } = await writeResults(dir, { summary, files });
    text(out);
    await addToStepSummary(summary, env.GITHUB_STEP_SUMMARY);
    return directory;
  } catch (error) {
    process.stdout.write(summaryText(summary));
    text(process.stderr);
    throw error;
  }
}

/** What GitHub shows is a copy: that it cannot be written changes nothing of the run. */
async function addToStepSummary(summary: Summary, path: string | undefined): Promise<void> {
  if (!path) return;
  try {
    await appendFile(path, `${summaryMd(summary)}\n`);
  } catch (error) {
    process.stderr.write(`GITHUB_STEP_SUMMARY was not written: ${(error as Error).message}\n`);
  }
}
