/**
 * Pacing: how a lane comes to send an arrival when it is due.
 *
 * Node's own timers have whole milliseconds and are late by 0.7 ms at the median; spinning in the lane's event
 * loop is precise and costs a core. So a thread, the pacer, does nothing but sleep in `Atomics.wait` (precise to
 * some 50 us) until an arrival is due, and then wakes the lane's event loop by a message. `bench/pacing.ts`
 * measures these ways side by side. Two details:
 *
 * - The pacer wakes the lane AHEAD of the time by what a wake-up takes; the lane spins through its event loop,
 *   in which answers are still received, for what remains.
 * - It wakes a lane no more often than once in GAP on average, two in a row excepted. At low rates this changes
 *   nothing: each arrival has a wake-up of its own, also where those of two scenarios are close together. At
 *   thousands a second, where a wake-up costs more than a request, it makes batches.
 */
import { readlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { Timeline } from '../plan/timeline.ts';
import type { Clock } from './clock.ts';
import type { PacerData } from './messages.ts';

const AHEAD_NS = 200_000;
const GAP_NS = 500_000;

/**
 * The pacer's side: wakes the lanes until the last arrival is due. `sleep` blocks for so many ns, and returns false
 * where it was ended early: then pacing ends too.
 */
export function pace(lanes: PacerData['lanes'], clock: Clock, sleep: (ns: number) => boolean): void {
  const tracks = lanes.map(({ scenarios, wake }) => {
    const timeline = new Timeline(scenarios);
    // `spentNs`: until when its wake-ups so far have used up its share of one in GAP.
    return { timeline, wake, wakeNs: timeline.dueNs - AHEAD_NS, spentNs: 0 };
  });
  while (tracks.length > 0) {
    const track = tracks.reduce((first, other) => (other.wakeNs < first.wakeNs ? other : first));
    if (track.wakeNs === Infinity) return;
    const waitNs = track.wakeNs - clock();
    if (waitNs > 0 && !sleep(waitNs)) return;
    // Read before the wake-up: the lane reads its own clock after it, so what is due here is due there.
    const nowNs = clock();
    track.wake.postMessage(undefined);
    // This wake-up serves all that is due by now, or the one arrival for which it came early.
    const servedNs = Math.max(nowNs, track.timeline.dueNs);
    while (track.timeline.dueNs <= servedNs) track.timeline.advance();
    track.spentNs = Math.max(track.spentNs, nowNs) + GAP_NS;
    track.wakeNs = Math.max(track.timeline.dueNs - AHEAD_NS, track.spentNs - GAP_NS);
  }
}

/** A precise sleep that ends early, returning false, when `control` is no longer 0 and is notified. */
export function sleeper(control: Int32Array<SharedArrayBuffer>): (ns: number) => boolean {
  sharpenTimers();
  return (ns) => Atomics.wait(control, 0, 0, ns / 1e6) === 'timed-out';
}

/**
 * The lane's side: for each wake-up calls `release` once, when the next arrival is due. `untilDue` gives ns, or
 * Infinity. A wake-up that comes during the spin for another is for an arrival of its own, and is kept.
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

/** Linux lets sleeps be late by 50 us, so that it can wake threads together; the calling thread wants none of it. */
function sharpenTimers(): void {
  try {
    const thread = basename(readlinkSync('/proc/thread-self'));
    writeFileSync(`/proc/${thread}/timerslack_ns`, '1');
  } catch {
    // Not Linux, or not allowed: wake-ups are a little later, and the send lag tells.
  }
}
