import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ledger } from '../../../runner/deploy/ledger.ts';
import { LOOP_PHASES, type LoopPhase, loopTimes } from '../../../runner/deploy/phases.ts';
import type { LoopRecord } from '../../../runner/engine/loop/record.ts';

const START_MS = 1_700_000_000_000;
const ENROL = LOOP_PHASES.map(({ name }) => name);
const RENEW = LOOP_PHASES.filter((phase) => !('only' in phase)).map(({ name }) => name);

/** A loop whose phases, those of a renewal or all, take so many ms, and certctl's rows of it, by a clock that goes ahead. */
function recorded(ms: number[], { clockOffsetMs = 0, noise = [] as Ledger['audit'] } = {}) {
  const all: number[] = [];
  for (const one of ms) all.push((all.at(-1) ?? 1000) + one);
  const [createdMs, boundMs] = ms.length === ENROL.length ? all : [];
  const ends = all.slice(-RENEW.length);
  const [renewed = 0, csrPoll = 0, csrTurn = 0, csr = 0, version = 0] = ends;
  const [deployPoll = 0, deployTurn = 0, completed = 0, served = 0] = ends.slice(5);
  const at = (end: number) => START_MS + end + clockOffsetMs;
  const none = { status: null, job: null, latencyMs: null };
  const work = '/api/v1/agents/agent-1/work';
  const loop: LoopRecord = {
    ...{ scenario: 's', target: 'nginx', servername: 'one.test', certificate: 'mc-1' },
    ...{ renewal: 'job-1', deployment: 'job-2', issued: 'f1', failure: null, probes: 1, resolutionNs: 1 },
    ...{ createdNs: createdMs ? createdMs * 1e6 : null, boundNs: boundMs ? boundMs * 1e6 : null },
    ...{ intendedNs: 1000e6, sentNs: 1001e6, renewedNs: renewed * 1e6, endNs: served * 1e6 },
  };
  const job = { certificate: 'mc-1', agent: 'agent-1', status: 'Completed' };
  const ledger: Ledger = {
    clock: { offsetMs: clockOffsetMs, tripMs: 0 },
    jobs: [
      { ...job, id: 'job-1', type: 'Renewal', agent: null, at: at(renewed) },
      { ...job, id: 'job-2', type: 'Deployment', at: at(version) },
      // Another one, which the agent did first.
      { ...job, id: 'job-0', type: 'Deployment', at: at(0) },
    ],
    versions: [{ certificate: 'mc-1', fingerprint: 'f1', at: at(version) }],
    audit: [
      { ...none, action: 'api_get', resource: work, latencyMs: 0, at: at(csrPoll) },
      { ...none, action: 'job_status_reported', resource: 'job-0', status: 'Completed', at: at(csrTurn) },
      { ...none, action: 'csr_submitted', resource: 'mc-1', job: 'job-1', at: at(version) },
      // A call's row has the time of its end, and how long it took.
      {
        ...none,
        ...{ action: 'api_post', resource: '/api/v1/agents/agent-1/csr' },
        ...{ latencyMs: version - csr, at: at(version) },
      },
      { ...none, action: 'api_get', resource: work, latencyMs: 0, at: at(deployPoll) },
      { ...none, action: 'job_status_reported', resource: 'job-2', status: 'Running', at: at(deployTurn) },
      { ...none, action: 'job_status_reported', resource: 'job-2', status: 'Completed', at: at(completed) },
      ...noise,
    ],
  };
  return { loop, ledger };
}

const ofLength = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: length, maxLength: length });
const durations = fc.oneof(ofLength(RENEW.length), ofLength(ENROL.length));

test('work + wait = total for each loop, the phases are in order, and each is what it was', () => {
  fc.assert(
    fc.property(durations, fc.integer({ min: -5000, max: 5000 }), (ms, clockOffsetMs) => {
      const { loop, ledger } = recorded(ms, { clockOffsetMs });
      const times = loopTimes(loop, ledger, START_MS);
      if (times === undefined) return expect.unreachable();
      expect(Object.keys(times.phases)).toEqual(ms.length === ENROL.length ? ENROL : RENEW);
      const all = Object.values(times.phases);
      for (const [index, one] of all.entries()) expect(one).toBeCloseTo(ms[index] ?? Number.NaN, 3);
      expect(times.workMs + times.waitMs).toBeCloseTo(times.totalMs, 6);
      expect(all.reduce((sum, one) => sum + one, 0)).toBeCloseTo(times.totalMs, 6);
    }),
  );
});

test('rows in any disorder never make a phase negative, nor the sum another than the total', () => {
  const jitter = fc.array(fc.integer({ min: -40_000, max: 40_000 }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(durations, jitter, (ms, shifts) => {
      const { loop, ledger } = recorded(ms);
      ledger.audit = ledger.audit.map((row, index) => ({ ...row, at: row.at + (shifts[index] ?? 0) }));
      const times = loopTimes(loop, ledger, START_MS);
      if (times === undefined) return expect.unreachable();
      const all = Object.values(times.phases);
      for (const one of all) expect(one).toBeGreaterThanOrEqual(0);
      const sum = all.reduce((total, one) => total + one, 0);
      expect(sum).toBeCloseTo(times.totalMs, 6);
      expect(times.workMs + times.waitMs).toBeCloseTo(times.totalMs, 6);
    }),
  );
});

test.each(ENROL.map((name, index) => [name, index] as const))(
  'a delay in %s is in it alone',
  (name, index) => {
    const ms = ENROL.map(() => 100);
    const late = ms.map((one, at) => (at === index ? one + 700 : one));
    const phasesOf = (some: number[]) => {
      const { loop, ledger } = recorded(some);
      return loopTimes(loop, ledger, START_MS)?.phases as Record<LoopPhase, number>;
    };
    const [before, after] = [phasesOf(ms), phasesOf(late)];
    for (const other of ENROL) {
      expect(after[other] - before[other], other).toBeCloseTo(other === name ? 700 : 0, 3);
    }
  },
);

test('what other agents do is no part of it', () => {
  const noise = [
    {
      ...{ action: 'api_get', resource: '/api/v1/agents/agent-11/work' },
      ...{ status: null, job: null, latencyMs: 0, at: START_MS + 1700 },
    },
  ];
  const ms = [10, 20, 25, 30, 40, 50, 55, 60, 70];
  const times = ({ loop, ledger }: ReturnType<typeof recorded>) => loopTimes(loop, ledger, START_MS);
  expect(times(recorded(ms, { noise }))).toEqual(times(recorded(ms)));
});

test('a loop that is served before its agent reports ends when it is served', () => {
  const { loop, ledger } = recorded([10, 20, 0, 30, 40, 50, 0, 2000, 0]);
  const servedNs = loop.endNs - 1900e6;
  const times = loopTimes({ ...loop, endNs: servedNs }, ledger, START_MS);
  expect(times?.phases).toMatchObject({ deploy: 100, serve: 0 });
  expect(times?.totalMs).toBe(250);
});

/** How far outside of our times the rows are, where something of them or of ours is another. */
function outsideMs(change: (made: ReturnType<typeof recorded>) => void, ms = RENEW.map(() => 100)) {
  const made = recorded(ms);
  change(made);
  return loopTimes(made.loop, made.ledger, START_MS)?.outsideMs;
}

test('rows that the clock allows are not outside of our times', () => {
  expect(outsideMs(() => {})).toBe(0);
  // The agent did its part before the answer to the renewal was here, and reported after the loop was served.
  expect(
    outsideMs(({ loop }) => {
      loop.renewedNs = loop.endNs - 1e6;
    }),
  ).toBe(0);
  expect(
    outsideMs(({ ledger }) => {
      for (const row of ledger.audit) if (row.status === 'Completed') row.at += 5000;
    }),
  ).toBe(0);
});

test('rows that it does not allow are, by how much', () => {
  // Sent 1001 ms after time zero, answered at 1100, served at 1900: the last row is the report Running, at 1700.
  const offBy = (offsetMs: number) =>
    outsideMs(({ ledger }) => {
      ledger.clock.offsetMs = offsetMs;
    });
  expect([offBy(300), offBy(-250)]).toEqual([201, 250]);
  const reportedLate = outsideMs(({ ledger }) => {
    for (const row of ledger.audit) if (row.status === 'Running') row.at += 700;
  });
  expect(reportedLate).toBe(500);
  const madeEarly = outsideMs(({ ledger }) => {
    for (const job of ledger.jobs) job.at -= 400;
  });
  expect(madeEarly).toBe(301);
});

test('a loop that was not served, or of which certctl has no rows, has no phases', () => {
  const { loop, ledger } = recorded([1, 1, 1, 1, 1, 1, 1, 1, 1]);
  expect(loopTimes({ ...loop, failure: 'no_csr' }, ledger, START_MS)).toBeUndefined();
  expect(loopTimes(loop, { ...ledger, versions: [] }, START_MS)).toBeUndefined();
  expect(loopTimes(loop, { ...ledger, jobs: [] }, START_MS)).toBeUndefined();
});
