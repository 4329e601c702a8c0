/** What is reported beside the rules and does not judge a run of a fixed rate. */

import { samplesNeeded } from '../confidence.ts';
import { iterations } from '../fates.ts';
import type { Rule } from './rule.ts';

const MAX_DRIFT = 0.05;
/** Fewer seconds than this have no quarters worth comparing. */
const MIN_SECONDS = 20;

export const drift: Rule = {
  rule: 'drift',
  unit: 'ratio',
  judged: false,
  holds: 'at most',
  what: 'median response time of the last quarter of the run against the first; a table that grows makes it drift',
  remedy: 'figures of a run that drifts depend on its length: compare only runs of the same profile',
  findings: ({ result }) =>
    Object.values(result.scenarios).map(({ name, series }) => {
      const medians = series.map(({ p50 }) => p50).filter((p50) => p50 !== null);
      const quarter = Math.floor(medians.length / 4);
      if (medians.length < MIN_SECONDS) return { of: name, value: null, limit: MAX_DRIFT };
      const first = median(medians.slice(0, quarter));
      return { of: name, value: median(medians.slice(-quarter)) / first - 1, limit: MAX_DRIFT };
    }),
};

export const sampleCount: Rule = {
  rule: 'sample_count',
  unit: 'count',
  judged: false,
  holds: 'at least',
  what: 'samples of a scenario, against those that a claim about its p99 needs; thresholds are judged all the same',
  remedy: 'no p99 can be claimed of it: run longer, or at a higher rate',
  findings: ({ result }) =>
    Object.values(result.scenarios).map(({ name, counts }) => ({
      of: name,
      value: iterations(counts),
      limit: samplesNeeded(99),
    })),
};

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
