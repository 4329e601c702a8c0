/** The account of one scenario's arrivals: each is offered once and ends in exactly one way. */
import type { Counts, ErrorKind } from './contract.ts';

export function noCounts(): Counts {
  return { offered: 0, completed: 0, failed: 0, failedByKind: {}, dropped: 0, unfinished: 0, sent: 0 };
}

/** Sent arrivals that have not ended yet. */
export function inFlight(counts: Counts): number {
  return counts.sent - counts.completed - counts.failed - counts.unfinished;
}

/** Failures with their kinds, of a run or of a second. */
type Failures = Pick<Counts, 'failed'> & Partial<Pick<Counts, 'failedByKind'>>;

export function addFailed(sum: Failures, kind: ErrorKind, number = 1): void {
  sum.failed += number;
  sum.failedByKind ??= {};
  sum.failedByKind[kind] = (sum.failedByKind[kind] ?? 0) + number;
}
