/** The verdict in one sentence, the same in every report. */
import type { Summary } from '../result/summary-schema.ts';
import { seconds } from './threshold-text.ts';

/** Without the verdict's own word. */
export function verdictSentence({ verdict, thresholds, run }: Summary): string {
  const missed = thresholds.filter(({ ok }) => !ok).length;
  const of = `${missed} of ${thresholds.length} thresholds`;
  switch (verdict) {
    case 'PASSED':
      return `all ${thresholds.length} thresholds held`;
    case 'INVALID':
      return `the generator cannot vouch for it: neither a pass nor a breach (${of} not met)`;
    case 'BREACHED':
      return run.aborted ? `${of}; ${abortedSentence(run.aborted)}` : of;
    case 'INTERRUPTED':
      return `partial: neither a pass nor a breach (${of} not met so far)`;
  }
}

/** What ended a run early. */
export function abortedSentence({
  metric,
  expression,
  atMs,
}: NonNullable<Summary['run']['aborted']>): string {
  return `${metric} ${expression} ended the run at ${seconds(atMs)}`;
}
