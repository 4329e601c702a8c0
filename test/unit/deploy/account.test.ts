import { expect, test } from 'vitest';
import { accountFor, differences, outside } from '../../../runner/deploy/account.ts';
import type { Ledger } from '../../../runner/deploy/ledger.ts';
import type { LoopRecord } from '../../../runner/engine/loop/record.ts';
import { servedLoop } from '../result/loop-fixture.ts';
import { runOf, scenarioOf } from '../result/run-fixture.ts';

const loop = (certificate: string, changes: Partial<LoopRecord> = {}): LoopRecord => ({
  ...{ scenario: 'nginx_deploy_loop', target: 'nginx', servername: 'x', certificate },
  ...{ renewal: 'r', deployment: 'd', issued: 'f', failure: null, probes: 1, resolutionNs: 1 },
  ...{ intendedNs: 0, sentNs: 0, createdNs: null, boundNs: null, renewedNs: 1, endNs: 2 },
  ...changes,
});

/** Rows of so many loops on the certificate, as they should be. */
function rows(certificate: string, count: number): Ledger {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const job = { certificate, agent: 'agent-1', status: 'Completed', at: 0 };
  return {
    clock: { offsetMs: 0, tripMs: 0 },
    jobs: numbers.flatMap((index) => [
      { ...job, id: `${certificate}-r${index}`, type: 'Renewal' },
      { ...job, id: `${certificate}-d${index}`, type: 'Deployment' },
    ]),
    versions: numbers.map((index) => ({ certificate, fingerprint: `f${index}`, at: 0 })),
    audit: numbers.map((index) => ({
      ...{ action: 'job_status_reported', resource: `${certificate}-d${index}`, status: 'Completed' },
      ...{ job: null, latencyMs: null, at: 0 },
    })),
  };
}

test('as many versions, deployments and completions as loops: no difference', () => {
  expect(differences([loop('mc-1'), loop('mc-1')], rows('mc-1', 2))).toEqual([]);
});

test('a second version of one loop, as several CSRs for one job make it, is told', () => {
  const ledger = rows('mc-1', 1);
  ledger.versions.push({ certificate: 'mc-1', fingerprint: 'g', at: 0 });
  expect(differences([loop('mc-1')], ledger)).toEqual([
    'mc-1: 1 loops, 2 versions, 1 deployments, 1 completions',
  ]);
});

test('a deployment that was served and never reported is told', () => {
  const ledger = { ...rows('mc-1', 1), audit: [] };
  expect(differences([loop('mc-1')], ledger)).toEqual([
    'mc-1: 1 loops, 1 versions, 1 deployments, 0 completions',
  ]);
});

test('of a certificate with a loop that failed nothing is said', () => {
  expect(differences([loop('mc-1', { failure: 'no_csr' }), loop('mc-2')], rows('mc-2', 1))).toEqual([]);
});

test('a loop whose rows are outside of our times is told, by more than the tolerance and what the offset is uncertain by', () => {
  const by = (outsideMs: number) => {
    const one = servedLoop('nginx', 0, 1000);
    return { ...one, times: one.times && { ...one.times, outsideMs } };
  };
  const clock = { offsetMs: 3, tripMs: 20 };
  expect(outside([by(0), by(60), { ...by(900), times: null }], clock)).toEqual([]);
  expect(outside([by(61)], clock)).toEqual(["mc-1: certctl's times of r are 61 ms outside of ours"]);
});

test('a run without loops has no account, and rows that cannot be read leave the loops as they were measured', async () => {
  const result = runOf([scenarioOf('nginx_handshake', [1])]);
  const nowhere = { databaseUrl: 'postgres://x@127.0.0.1:1/x', pollMs: 100, sites: {} };
  expect(await accountFor(result, nowhere, undefined)).toBeUndefined();
  const account = await accountFor({ ...result, loops: [loop('mc-1')] }, nowhere, undefined);
  expect(account?.loops).toMatchObject([{ certificate: 'mc-1', times: null }]);
  expect(account?.differences).toEqual([expect.stringMatching(/could not be read: .*ECONNREFUSED/)]);
});
