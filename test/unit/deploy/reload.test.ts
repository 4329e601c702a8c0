/** When a target is taken to have been reloaded. */
import { expect, test } from 'vitest';
import type { Ledger } from '../../../runner/deploy/ledger.ts';
import { reloadedNs } from '../../../runner/deploy/reload.ts';
import { servedLoop } from '../result/loop-fixture.ts';

const START_MS = 1_700_000_000_000;
const OFFSET_MS = 250;
const served = servedLoop('nginx', 1000, 4000);
const failed = { ...served, failure: 'not_served' as const };

/** certctl's rows of what was reported of the loop's deployment, ms since time zero, and of another one. */
function reports(...own: [status: string, ms: number][]): Ledger {
  const rows = [...own.map((one) => ['d', ...one] as const), ['other', 'Completed', 9000] as const];
  return {
    ...{ jobs: [], versions: [], clock: { offsetMs: OFFSET_MS, tripMs: 0 } },
    audit: rows.map(([resource, status, ms]) => ({
      ...{ action: 'job_status_reported', resource, status, job: null, latencyMs: null },
      at: START_MS + OFFSET_MS + ms,
    })),
  };
}

test('one that was served: when it was, whatever was reported', () => {
  expect(reloadedNs(served, reports(['Running', 3000], ['Completed', 6000]), START_MS)).toBe(5e9);
  expect(reloadedNs(served, undefined, START_MS)).toBe(5e9);
});

test('one that failed: when its agent reported the end of the deployment, or that it had come to it', () => {
  expect(reloadedNs(failed, reports(['Running', 3000], ['Failed', 3500]), START_MS)).toBe(3.5e9);
  expect(reloadedNs(failed, reports(['Running', 3000]), START_MS)).toBe(3e9);
});

test('none where no agent came to it, or nothing is known of it', () => {
  expect(reloadedNs(failed, reports(), START_MS)).toBeNull();
  expect(reloadedNs({ ...failed, deployment: null }, reports(['Running', 3000]), START_MS)).toBeNull();
  expect(reloadedNs(failed, undefined, START_MS)).toBeNull();
});
