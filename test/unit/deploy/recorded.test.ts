/** The phases of a recorded run: enrolments a herd to the f5 mock, with certctl v2.1.7 and its agent. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences, outside } from '../../../runner/deploy/account.ts';
import type { Ledger } from '../../../runner/deploy/ledger.ts';
import { LOOP_PHASES, type LoopTimes, loopTimes } from '../../../runner/deploy/phases.ts';
import type { LoopRecord } from '../../../runner/engine/loop/record.ts';

interface Recorded {
  startMs: number;
  loops: LoopRecord[];
  ledger: Omit<Ledger, 'clock'> & { clockOffsetMs: number };
}

const { ledger: rows, ...recorded }: Recorded = JSON.parse(
  readFileSync(new URL('recorded-enrolments.json', import.meta.url), 'utf8'),
);
const { startMs, loops } = recorded;
const { clockOffsetMs: offsetMs, ...others } = rows;
const ledger: Ledger = { ...others, clock: { offsetMs, tripMs: 0 } };
const ORDER = LOOP_PHASES.map(({ name }) => name);

/** Work and wait, each phase counted in one of them, are the time that the loop took. */
function expectSound(loop: LoopRecord, times: LoopTimes | undefined): void {
  if (times === undefined) throw new Error(`${loop.certificate} has no phases`);
  expect(Object.keys(times.phases)).toEqual(ORDER);
  const all = Object.values(times.phases);
  for (const one of all) expect(one).toBeGreaterThanOrEqual(0);
  const totalMs = (loop.endNs - loop.intendedNs) / 1e6;
  expect(times.workMs + times.waitMs).toBeCloseTo(totalMs, 6);
  expect(all.reduce((sum, one) => sum + one, 0)).toBeCloseTo(totalMs, 6);
}

test('of every loop, work and wait are the total, and the phases are in order', () => {
  expect(loops.length).toBe(5);
  expect(differences(loops, ledger)).toEqual([]);
  for (const loop of loops) expectSound(loop, loopTimes(loop, ledger, startMs));
});

test('its rows are between our times, and by a clock that is off they are not, of each loop', () => {
  const found = (offsetMs: number) => {
    const clock = { offsetMs, tripMs: 0.5 };
    const accounted = loops.map((loop) => ({
      ...{ ...loop, reloadedNs: null },
      times: loopTimes(loop, { ...ledger, clock }, startMs) ?? null,
    }));
    return outside(accounted, clock).length;
  };
  expect([found(offsetMs), found(offsetMs + 40), found(offsetMs - 40)]).toEqual([0, 0, 0]);
  expect([found(offsetMs + 500), found(offsetMs - 2000)]).toEqual([loops.length, loops.length]);
});

test('so they are where rows of calls are missing, and where the clocks are apart', () => {
  const some = fc.subarray(ledger.audit);
  const offset = fc.integer({ min: -60_000, max: 60_000 });
  fc.assert(
    fc.property(some, offset, fc.constantFrom(...loops), (audit, offsetMs, loop) => {
      expectSound(loop, loopTimes(loop, { ...ledger, audit, clock: { offsetMs, tripMs: 0 } }, startMs));
    }),
  );
});

test('what was slow is what is known to be: agents poll each 30 seconds, and all else takes moments', () => {
  for (const loop of loops) {
    const { totalMs, phases } = loopTimes(loop, ledger, startMs) ?? expect.unreachable();
    const polls = (phases.csr_wait ?? 0) + (phases.deploy_wait ?? 0);
    expect(polls / totalMs, loop.certificate).toBeGreaterThan(0.75);
    expect(phases.deploy_wait).toBeLessThan(30_500);
  }
});
