import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AHEAD_NS, PacedTimeline } from '../../../runner/engine/paced-timeline.ts';
import { onWake, pace, sleeper } from '../../../runner/engine/pacing.ts';
import { plannedScenario } from '../../support/plans.ts';

type Parts = NonNullable<Parameters<typeof plannedScenario>[0]>;

/** Paces the lanes in virtual time, each sleep longer than asked by one of `lates`, each look at the clock of `lookNs`. */
function paced(lanes: Parts[][], lates = [0], lookNs = 0) {
  let nowNs = 0;
  let sleeps = 0;
  const wakes: number[][] = lanes.map(() => []);
  const data = lanes.map((parts, lane) => ({
    scenarios: parts.map((part) => plannedScenario(part)),
    wake: { postMessage: () => wakes[lane]?.push(nowNs) } as unknown as MessagePort,
  }));
  pace(
    data,
    () => (nowNs += lookNs),
    (ns) => {
      nowNs += ns + (lates[sleeps++ % lates.length] ?? 0);
      return true;
    },
  );
  return { wakes, lanes: data };
}

test('at a low rate each arrival has a wake-up of its own, shortly before its time', () => {
  const { wakes } = paced([[{ arrivals: 4, periodNs: 5e6, firstNs: 2e6 }]]);
  expect(wakes).toEqual([[2e6, 7e6, 12e6, 17e6].map((dueNs) => dueNs - AHEAD_NS)]);
});

test('at hundreds a second it comes at its time: a lane that spins for each would spend too much on it', () => {
  const { wakes } = paced([[{ arrivals: 4, periodNs: 2e6, firstNs: 2e6 }]]);
  expect(wakes).toEqual([[2e6 - AHEAD_NS, 4e6, 6e6, 8e6]]);
});

test('two arrivals that are close together have a wake-up each', () => {
  const near = { arrivals: 2, periodNs: 10e6 };
  const { wakes } = paced([
    [
      { ...near, firstNs: 2e6 },
      { ...near, firstNs: 2.1e6 },
    ],
  ]);
  expect(wakes).toEqual([[2e6 - AHEAD_NS, 2.1e6, 12e6 - AHEAD_NS, 12.1e6]]);
});

test("at thousands a second arrivals are left to the lane's own timer, until there is a gap", () => {
  const { wakes } = paced([
    [
      { arrivals: 2000, periodNs: 50_000, firstNs: 1e6 },
      { arrivals: 1, firstNs: 200e6 },
    ],
  ]);
  expect(wakes).toEqual([[1e6 - AHEAD_NS, 1.05e6, 200e6 - AHEAD_NS]]);
});

test('no arrival is left without a wake-up or a timer, in any lane, however late the sleeps are', () => {
  const scenario = fc.record({
    arrivals: fc.integer({ min: 0, max: 40 }),
    periodNs: fc.integer({ min: 10_000, max: 3_000_000 }),
    firstNs: fc.nat(3_000_000),
  });
  const lane = fc.array(scenario, { maxLength: 3 });
  const lates = fc.array(fc.oneof(fc.nat(100_000), fc.nat(20_000_000)), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(lane, { minLength: 1, maxLength: 3 }), lates, (parts, lates) => {
      const { wakes, lanes } = paced(parts, lates, 20_000);
      for (const [index, { scenarios }] of lanes.entries()) {
        const timeline = new PacedTimeline(scenarios);
        const release = (untilNs: number) => {
          while (timeline.dueNs <= untilNs) timeline.advance();
        };
        for (const wakeNs of wakes[index] ?? []) {
          // As the lane does: its own timer goes on until an arrival has a wake-up.
          for (let ownNs = wakeNs; !timeline.isWoken; ownNs += 1_000_000) release(ownNs);
          // As onWake does: at once, or at the time of the one arrival for which it came early.
          const early = timeline.dueNs - wakeNs <= AHEAD_NS + 1;
          release(early ? Math.max(wakeNs, timeline.dueNs) : wakeNs);
        }
        for (let ownNs = 0; !timeline.isWoken; ownNs += 1_000_000) release(ownNs);
        expect(timeline.dueNs).toBe(Infinity);
      }
    }),
  );
});

test('sleeps for as long as asked, and no longer when told to stop', () => {
  const control = new Int32Array(new SharedArrayBuffer(4));
  const sleep = sleeper(control);
  const before = performance.now();
  expect(sleep(5e6)).toBe(true);
  expect(performance.now() - before).toBeGreaterThan(4.9);
  control[0] = 1;
  expect(sleep(60e9)).toBe(false);
  const wakes: unknown[] = [];
  const wake = { postMessage: () => wakes.push(1) } as unknown as MessagePort;
  pace([{ scenarios: [plannedScenario({ firstNs: 1e9 })], wake }], () => 0, sleep);
  expect(wakes).toEqual([]);
});

/** A lane in whose event loop each turn takes 50 us; resolves to the times at which it released what was due. */
async function releases(timesNs: number[], wakeUps: number): Promise<number[]> {
  const { port1, port2 } = new MessageChannel();
  const seen: number[] = [];
  let nowNs = -150_000;
  onWake(
    port2,
    () => {
      nowNs += 50_000;
      return (timesNs[0] ?? Infinity) - nowNs;
    },
    () => {
      while ((timesNs[0] ?? Infinity) <= nowNs) {
        seen.push(nowNs);
        timesNs.shift();
      }
      if (timesNs.length === 0) port1.close();
    },
  );
  for (let wakeUp = 0; wakeUp < wakeUps; wakeUp++) port1.postMessage(undefined);
  await once(port2, 'close');
  return seen;
}

test('a lane that is woken early releases when the time has come', async () => {
  expect(await releases([0], 1)).toEqual([0]);
});

test('a wake-up that comes while the lane spins for another is not lost', async () => {
  expect(await releases([0, 100_000], 2)).toEqual([0, 100_000]);
});
