/** The raw histograms of a run as one HdrHistogram log, so that every figure can be checked with other tools. */
import { createHash } from 'node:crypto';
import { type Histogram, HistogramLogWriter } from 'hdr-histogram-js';
import { type RunResult, TREND_METRICS } from '../engine/contract.ts';

/** Name of the file among the results of a run. */
export const HISTOGRAM_LOG = 'histograms.hlog';

const US_PER_MS = 1000;

/**
 * The text of the log: format 1.3, histograms in V2 compressed encoding, values in microseconds. One line a scenario
 * and trend with samples, over the whole run, tagged `<scenario>.<trend>`; `Interval_Max` is in ms.
 */
export function histogramLog({ startedAt, durationMs, scenarios }: RunResult): string {
  const lines: string[] = [];
  const writer = new HistogramLogWriter((text) => void lines.push(text));
  const startSeconds = Date.parse(startedAt) / 1000;
  writer.outputComment('[certctl-bench: values in microseconds, Interval_Max in milliseconds]');
  writer.outputLogFormatVersion();
  writer.outputComment(`[StartTime: ${startSeconds.toFixed(3)} (seconds since epoch), ${startedAt}]`);
  writer.outputLegend();
  for (const { name, trends } of Object.values(scenarios)) {
    for (const metric of TREND_METRICS) {
      const histogram: Histogram = trends[metric];
      if (histogram.totalCount === 0) continue;
      histogram.tag = `${name}.${metric}`;
      writer.outputIntervalHistogram(histogram, 0, durationMs / 1000, US_PER_MS);
    }
  }
  return lines.join('');
}

/** SHA-256 in lowercase hex of a text in UTF-8. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
