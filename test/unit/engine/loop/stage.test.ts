import { expect, test } from 'vitest';
import { dead, type LoopRow, mayBeServed, stageOf, stoppedAt } from '../../../../runner/engine/loop/stage.ts';

const row = (changes: Partial<LoopRow> = {}): LoopRow => ({
  ...{ renewal: 'job-1', renewal_status: 'Completed', renewal_error: null },
  ...{ deployment: 'job-2', deployment_status: 'Running', deployment_error: null },
  ...{ deployment_reported: true, agent_is_busy: false },
  fingerprint: 'new',
  ...changes,
});
const OLD = { before: 'old', last: 'old' };

test.each<[string, LoopRow, { before: string | undefined; last: string | undefined }, RegExp]>([
  [
    'no_csr',
    row({ renewal_status: 'AwaitingCSR', deployment: null, deployment_status: null }),
    OLD,
    /no agent/,
  ],
  [
    'not_signed',
    row({ renewal_status: 'Running', deployment: null, deployment_status: null }),
    OLD,
    /still Running/,
  ],
  ['not_claimed', row({ deployment: null, deployment_status: null }), OLD, /bound to a target/],
  ['not_claimed', row({ deployment_status: 'Pending' }), OLD, /no agent has fetched/],
  ['lost_deployment', row({ deployment_reported: false }), OLD, /JOB_PROCESSOR_INTERVAL to 24h/],
  ['deploy_failed', row(), OLD, /has not ended/],
  ['deploy_failed', row({ deployment_reported: false, agent_is_busy: true }), OLD, /at another one/],
  ['not_served', row({ deployment_status: 'Completed' }), OLD, /certificate of before/],
  ['not_served', row({ deployment_status: 'Completed' }), { before: 'old', last: undefined }, /no handshake/],
  [
    'wrong_certificate',
    row({ deployment_status: 'Completed' }),
    { before: 'old', last: 'x' },
    /shows x, issued is new/,
  ],
])('a loop that stops there is called %s', (kind, state, seen, message) => {
  expect(stoppedAt(stageOf(state), state, seen)).toEqual({ kind, message: expect.stringMatching(message) });
});

test('of what certctl has not answered, or what its rows were never seen of, the stage alone is known', () => {
  expect(stoppedAt('accept', undefined, OLD).kind).toBe('not_accepted');
  expect(stoppedAt('csr', undefined, OLD).kind).toBe('no_csr');
});

test('a job that ended badly ends the loop at once, with its reason', () => {
  expect(dead(row({ renewal_status: 'Failed', renewal_error: 'CSR rejected' }))).toEqual({
    kind: 'not_signed',
    message: 'the renewal ended as Failed: CSR rejected',
  });
  expect(dead(row({ deployment_status: 'Failed', deployment_error: 'nginx -t failed' }))).toEqual({
    kind: 'deploy_failed',
    message: 'the deployment ended as Failed: nginx -t failed',
  });
  expect(dead(row())).toBeUndefined();
  expect(dead(row({ deployment_status: 'Completed' }))).toBeUndefined();
});

test('a site is looked at only while an agent deploys, or has', () => {
  const statuses = [null, 'Pending', 'Running', 'Completed', 'Failed'];
  expect(statuses.filter((deployment_status) => mayBeServed(row({ deployment_status })))).toEqual([
    'Running',
    'Completed',
  ]);
  expect(mayBeServed(row({ deployment_reported: false }))).toBe(false);
});
