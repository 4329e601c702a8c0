/** Ids of runs. */
import { randomBytes } from 'node:crypto';

/** UTC time and six random hex digits, `20261125T031500Z-a1b2c3`: sorts by time and is a safe file name. */
export function runId(now: Date = new Date()): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
