/** The account of one scenario's arrivals: each is offered once and ends in exactly one way. */
import type { Counts, ErrorKind } from './contract.ts';

export function noCounts(): Counts {
  return { offered: 0, completed: 0, failed: 0, failedByKind: {}, dropped: 0, unfinished: 0, sent: 0 };
}

/** Sent arrivals that have not ended yet. */
export function inFlight(counts: Counts): number {
  return counts.sent - counts.completed - counts.failed - counts.unfinished;
}

export function addFailed(counts: Counts, kind: ErrorKind, number = 1): void {
  counts.failed += number;
  counts.failedByKind[kind] = (counts.failedByKind[kind] ?? 0) + number;
}
