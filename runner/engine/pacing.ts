/**
 * Pacing: how a lane comes to send an arrival when it is due.
 *
 * Node's own timers have whole milliseconds and are late by 0.7 ms at the median; spinning in the lane's event
 * loop is precise and costs a core. So a thread, the pacer, does nothing but sleep in `Atomics.wait` (precise to
 * some 50 us) until an arrival is due, and then wakes the lane's event loop by a message. At thousands a second such
 * a wake-up costs as much as a request: there the lane's own timer takes what has come due, once in a millisecond.
 * Which arrival is whose follows from the plan alone (`PacedTimeline`). `bench/pacing.ts` measures these ways side by
 * side.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from './clock.ts';
import type { PacerData } from './messages.ts';
import { AHEAD_NS, PacedTimeline } from './paced-timeline.ts';
import { sharpenTimers } from './wakeful.ts';

/**
 * The pacer's side: wakes the lanes until the last arrival is due. `sleep` blocks for so many ns, and returns false
 * where it was ended early: then pacing ends too.
 */
export function pace(lanes: PacerData['lanes'], clock: Clock, sleep: (ns: number) => boolean): void {
  const tracks = lanes.map(({ scenarios, wake }) => ({ timeline: new PacedTimeline(scenarios), wake }));
  for (const { timeline } of tracks) toWoken(timeline);
  while (tracks.length > 0) {
    const { timeline, wake } = tracks.reduce((first, other) =>
      other.timeline.wakeNs < first.timeline.wakeNs ? other : first,
    );
    if (timeline.dueNs === Infinity) return;
    const waitNs = timeline.wakeNs - clock();
    if (waitNs > 0 && !sleep(waitNs)) return;
    // Read before the wake-up: the lane reads its own clock after it, so what is due here is due there.
    const nowNs = clock();
    wake.postMessage(undefined);
    // This wake-up serves all that is due by now, or the one arrival for which it came early.
    const servedNs = Math.max(nowNs, timeline.dueNs);
    while (timeline.dueNs <= servedNs) timeline.advance();
    toWoken(timeline);
  }
}

function toWoken(timeline: PacedTimeline): void {
  while (!timeline.isWoken) timeline.advance();
}

/** A precise sleep that ends early, returning false, when `control` is no longer 0 and is notified. */
export function sleeper(control: Int32Array<SharedArrayBuffer>): (ns: number) => boolean {
  sharpenTimers();
  return (ns) => Atomics.wait(control, 0, 0, ns / 1e6) === 'timed-out';
}

/**
 * The lane's side: for each wake-up calls `release` once, when the next arrival is due. `untilDue` gives ns, or
 * Infinity. A wake-up that comes ahead of its time spins through the event loop, in which answers are still received,
 * for what remains; one that comes during that spin is for an arrival of its own, and is kept.
 */
export function onWake(wake: MessagePort, untilDue: () => number, release: () => void): void {
  let unserved = 0;
  const turn = () => {
    const ns = untilDue();
    if (ns <= 0 || ns > AHEAD_NS) {
      release();
      unserved--;
    }
    if (unserved > 0) setImmediate(turn);
  };
  wake.on('message', () => {
    if (++unserved === 1) turn();
  });
}
