/** Deploy loops in virtual time: each fails when its deadline has come, by the kind of the stage where it stands. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Aggregate } from '../../../../runner/engine/aggregate.ts';
import { Driver } from '../../../../runner/engine/driver.ts';
import type { Exchange } from '../../../../runner/engine/exchange.ts';
import { beginRenewal } from '../../../../runner/engine/loop/begin.ts';
import { LoopClient } from '../../../../runner/engine/loop/loop-client.ts';
import type { LoopRecord } from '../../../../runner/engine/loop/record.ts';
import { SitePool } from '../../../../runner/engine/loop/site-pool.ts';
import type { LoopRow } from '../../../../runner/engine/loop/stage.ts';
import { Recorder } from '../../../../runner/engine/recorder.ts';
import { LOOP_STAGES, type LoopStage, type StageLimits } from '../../../../runner/plan/loop.ts';
import { deployLoop } from '../../../../runner/scenarios/deploy_loop.ts';
import { plannedScenario } from '../../../support/plans.ts';

const MS = 1e6;
/** As a lane's. */
const TICK_MS = 20;
const PROBED_TICKS = 3;
const KINDS: Record<LoopStage, string> = {
  accept: 'not_accepted',
  csr: 'no_csr',
  sign: 'not_signed',
  claim: 'not_claimed',
  deploy: 'lost_deployment',
  serve: 'not_served',
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const row = (changes: Partial<LoopRow>): LoopRow => ({
  ...{ renewal: 'job-1', renewal_status: 'Completed', renewal_error: null },
  ...{ deployment: 'job-2', deployment_status: null, deployment_error: null },
  ...{ deployment_reported: false, agent_is_busy: false, fingerprint: 'new' },
  ...changes,
});
/** What certctl's rows say of a loop that stands in each of the stages. */
const ROWS: Partial<Record<LoopStage, LoopRow>> = {
  csr: row({ renewal_status: 'AwaitingCSR', fingerprint: null }),
  sign: row({ renewal_status: 'Running', fingerprint: null }),
  claim: row({ deployment_status: 'Pending' }),
  deploy: row({ deployment_status: 'Running' }),
  serve: row({ deployment_status: 'Completed' }),
};

/** One loop, of which the test says what certctl does and when. */
function loopInFlight({ limits, deadlineMs }: { limits: StageLimits; deadlineMs: number }) {
  const planned = plannedScenario({ kind: 'nginx_deploy_loop', deadlineMs, gracefulStopMs: 1e9 });
  const time = { ms: 0 };
  const records: LoopRecord[] = [];
  const shown = { fingerprint: 'old' };
  let call: Exchange | undefined;
  let tell: (row: LoopRow) => void = () => {};
  const pool = new SitePool([{ servername: 'one.test', certificate: 'mc-1', target: 'tgt-1' }]);
  const client = new LoopClient({
    ...{ scenario: planned.name, name: 'nginx', pool, limits, deadlineMs, begin: beginRenewal },
    close: () => {},
    look: async () => shown.fingerprint,
    api: {
      send: (_, exchange) => {
        call = exchange;
      },
      close: () => {},
    },
    watcher: {
      add: (_, listener) => {
        tell = (row) => listener(row, 0);
      },
      remove: () => {
        tell = () => {};
      },
      problem: undefined,
    },
    clock: () => time.ms * MS,
    record: (record) => records.push(record),
  });
  const recorder = new Recorder(planned.name, (report) => aggregate.add(report));
  const aggregate = new Aggregate(planned);
  const run = { runId: 'r', runStartMs: 0 };
  const driver = new Driver(planned, deployLoop('nginx'), client, recorder, () => time.ms * MS, run);
  driver.release(0, 0);
  return {
    records,
    accept: () => {
      if (call === undefined) return;
      call.status = 200;
      call.readBody = () => '{"enqueued_jobs":[{"job_id":"job-1"}]}';
      call.answered();
    },
    tell: (seen: LoopRow) => tell(seen),
    show: () => {
      shown.fingerprint = 'new';
    },
    tick: async () => {
      time.ms += TICK_MS;
      await vi.advanceTimersByTimeAsync(TICK_MS);
      driver.expire(time.ms * MS);
    },
    aborted: () => call?.ended,
    isFree: () => !client.isBusy,
    failure: () => {
      recorder.flush();
      return aggregate.result().errorSamples[0];
    },
  };
}

type LoopInFlight = ReturnType<typeof loopInFlight>;

async function stand(loop: LoopInFlight, ticks: number, seen?: LoopRow) {
  for (let tick = 0; tick < ticks && loop.records.length === 0; tick++) {
    if (seen) loop.tell(seen);
    await loop.tick();
  }
}

/** Goes through the stages, so many ticks in each, until the loop has ended. */
async function goThrough(loop: LoopInFlight, ticks: Record<LoopStage, number>) {
  for (const stage of LOOP_STAGES) {
    await stand(loop, ticks[stage], ROWS[stage]);
    if (loop.records.length > 0) return;
    if (stage === 'accept') loop.accept();
  }
  loop.show();
  await stand(loop, PROBED_TICKS);
}

const perStage = (one: fc.Arbitrary<number>) =>
  fc.tuple(...LOOP_STAGES.map(() => one)).map((all) => {
    return Object.fromEntries(LOOP_STAGES.map((stage, index) => [stage, all[index]])) as StageLimits;
  });

test('a loop fails at the first deadline that comes, by the kind of where it stands; one within all is served', async () => {
  await fc.assert(
    fc.asyncProperty(
      perStage(fc.integer({ min: 1, max: 9 })),
      perStage(fc.integer({ min: 2, max: 12 })),
      fc.integer({ min: 5, max: 60 }),
      async (ticks, limitTicks, deadlineTicks) => {
        let before = 0;
        let expected: { kind: string; tick: number } | undefined;
        for (const stage of LOOP_STAGES) {
          const due = Math.min(before + limitTicks[stage], deadlineTicks);
          before += ticks[stage];
          // What comes with the deadline comes too late.
          if (due <= before) expected ??= { kind: KINDS[stage], tick: due };
        }
        // Until a probe has seen what is shown some ticks pass.
        const toSpare = Math.min(limitTicks.serve - ticks.serve, deadlineTicks - before);
        fc.pre(expected !== undefined || toSpare > PROBED_TICKS);
        const limits = Object.fromEntries(
          LOOP_STAGES.map((stage) => [stage, limitTicks[stage] * TICK_MS]),
        ) as StageLimits;
        const loop = loopInFlight({ limits, deadlineMs: deadlineTicks * TICK_MS });
        await goThrough(loop, ticks);
        const [record] = loop.records;
        if (expected === undefined) expect(record).toMatchObject({ failure: null });
        else expect({ kind: record?.failure, tick: (record?.endNs ?? 0) / MS / TICK_MS }).toEqual(expected);
      },
    ),
    { numRuns: 200 },
  );
});

const AMPLE = Object.fromEntries(LOOP_STAGES.map((stage) => [stage, 5000])) as StageLimits;
const SHORT = Object.fromEntries(LOOP_STAGES.map((stage) => [stage, 1])) as StageLimits;

test.each(LOOP_STAGES)(
  'the deadline of %s is the only one that it takes to end a loop there',
  async (stage) => {
    const loop = loopInFlight({ limits: { ...AMPLE, [stage]: 200 }, deadlineMs: 60_000 });
    await goThrough(loop, { ...SHORT, [stage]: 100 });
    expect(loop.records).toMatchObject([{ failure: KINDS[stage] }]);
    expect((loop.records[0]?.endNs ?? 0) / MS).toBeLessThan(200 + 6 * TICK_MS + 2 * TICK_MS);
    expect(loop.failure()?.message).toMatch(new RegExp(`; deadlines\\.${stage} is 200 ms$`));
  },
);

test('a renewal that is not answered in time is cut off, and its site is given to no other: it may go on', async () => {
  const loop = loopInFlight({ limits: { ...AMPLE, accept: 100 }, deadlineMs: 60_000 });
  await goThrough(loop, { ...SHORT, accept: 50 });
  expect(loop.aborted()).toBe(true);
  expect(loop.isFree()).toBe(false);
});

test('a loop that was accepted, and of which certctl’s rows are never seen, waits for a CSR', async () => {
  const loop = loopInFlight({ limits: { ...AMPLE, csr: 200 }, deadlineMs: 60_000 });
  await stand(loop, 1);
  loop.accept();
  await stand(loop, 12);
  expect(loop.records).toMatchObject([{ failure: 'no_csr' }]);
});

/** Accepted, and handed out at once. */
async function handedOut(limits: Partial<StageLimits>): Promise<LoopInFlight> {
  const loop = loopInFlight({ limits: { ...AMPLE, ...limits }, deadlineMs: 60_000 });
  await stand(loop, 1);
  loop.accept();
  await stand(loop, 1, ROWS.deploy);
  return loop;
}

test('while its agent is at the deployments before it, the deadline of a deployment has not begun', async () => {
  const loop = await handedOut({ deploy: 200 });
  await stand(loop, 100, row({ deployment_status: 'Running', agent_is_busy: true }));
  const begun = row({ deployment_status: 'Running', deployment_reported: true });
  await stand(loop, 9, begun);
  expect(loop.records).toEqual([]);
  await stand(loop, 3, begun);
  expect(loop.records).toMatchObject([{ failure: 'deploy_failed' }]);
});

test('a deployment that is put back to Pending has the time of a claim once more', async () => {
  const loop = await handedOut({ claim: 200, deploy: 200 });
  await stand(loop, 8, ROWS.claim);
  await stand(loop, 8, ROWS.deploy);
  await stand(loop, 8, ROWS.claim);
  expect(loop.records).toEqual([]);
  await stand(loop, 4, ROWS.claim);
  expect(loop.records).toMatchObject([{ failure: 'not_claimed' }]);
});
