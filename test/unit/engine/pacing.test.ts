import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { clockFrom } from '../../../runner/engine/clock.ts';
import { onWake, pace } from '../../../runner/engine/pacing.ts';
import { Timeline } from '../../../runner/plan/timeline.ts';
import { plannedScenario } from '../../support/plans.ts';

type Parts = Parameters<typeof plannedScenario>[0];

/** Paces the lanes in this thread; returns when each was woken, ns. */
function paced(lanes: Parts[][], control = new Int32Array(new SharedArrayBuffer(4))) {
  const clock = clockFrom(process.hrtime.bigint());
  const wakes: number[][] = lanes.map(() => []);
  const data = lanes.map((parts, lane) => ({
    scenarios: parts.map((part) => plannedScenario(part)),
    wake: { postMessage: () => wakes[lane]?.push(clock()) } as unknown as MessagePort,
  }));
  pace({ lanes: data, control }, clock);
  return { wakes, lanes: data };
}

/** What a lane does that is woken then: it releases what is due, or waits for the one for which it came early. */
function releasedBy(wakes: number[], timeline: Timeline): void {
  for (const wakeNs of wakes) {
    const untilNs = Math.max(wakeNs, timeline.dueNs - wakeNs < 200_000 ? timeline.dueNs : 0);
    while (timeline.dueNs <= untilNs) timeline.advance();
  }
}

test('at a low rate each arrival has a wake-up of its own, shortly before its time', () => {
  const { wakes } = paced([[{ arrivals: 10, periodNs: 5e6, firstNs: 2e6 }]]);
  expect(wakes[0]).toHaveLength(10);
  for (const [index, wakeNs] of (wakes[0] ?? []).entries()) {
    expect(wakeNs - (2e6 + index * 5e6)).toBeGreaterThan(-300_000);
  }
});

test('at a high rate arrivals share wake-ups, at most two in a millisecond', () => {
  const { wakes } = paced([[{ arrivals: 400, periodNs: 50_000 }]]);
  expect(wakes[0]?.length).toBeLessThanOrEqual(42);
  expect(wakes[0]?.length).toBeGreaterThan(1);
});

test('no arrival is left without a wake-up, in any lane', () => {
  const uneven = [
    { arrivals: 100, periodNs: 330_000 },
    { arrivals: 7, periodNs: 4_900_000, firstNs: 140_000 },
  ];
  const { wakes, lanes } = paced([uneven, [{ arrivals: 30, periodNs: 1e6 }], []]);
  for (const [index, { scenarios }] of lanes.entries()) {
    const timeline = new Timeline(scenarios);
    releasedBy(wakes[index] ?? [], timeline);
    expect(timeline.dueNs).toBe(Infinity);
  }
});

test('stops when told', () => {
  const control = new Int32Array(new SharedArrayBuffer(4));
  control[0] = 1;
  expect(paced([[{ firstNs: 60e9 }]], control).wakes).toEqual([[]]);
});

test('a lane that is woken early releases when the time has come, once', async () => {
  const { port1, port2 } = new MessageChannel();
  const left = [100_000, 50_000, -10];
  let released = 0;
  onWake(
    port2,
    () => left.shift() ?? Infinity,
    () => {
      released++;
      expect(left).toEqual([]);
      port1.close();
    },
  );
  port1.postMessage(undefined);
  await once(port2, 'close');
  expect(released).toBe(1);
});
