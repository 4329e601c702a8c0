/** What a lane tells the parent of one scenario, once a second. */
import type { ErrorKind } from './contract.ts';
import type { Totals } from './totals.ts';
import type { RecordedTrends } from './trends.ts';

/** Arrivals of one second: sent and dropped when due, completed and failed when ended. */
export interface Row {
  second: number;
  sent: number;
  completed: number;
  failed: number;
  /** Absent where none failed. */
  failedByKind?: Partial<Record<ErrorKind, number>>;
  dropped: number;
}

export interface Report {
  scenario: string;
  /** So far: the newest report holds. */
  totals: Totals;
  /** Since the report before: to be added. */
  rows: Row[];
  /** Since the report before: to be added. The times are of arrivals that ended in `second`. */
  trends: RecordedTrends;
  second: number;
  /** When the last request ended, ns since time zero. */
  lastEndNs: number;
}
