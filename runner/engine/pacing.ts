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
 * - It wakes a lane no more often than once in GAP. At low rates this changes nothing: each arrival has a wake-up
 *   of its own. At thousands a second, where a wake-up costs more than a request, it makes batches.
 */
import { readlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { Timeline } from '../plan/timeline.ts';
import type { Clock } from './clock.ts';
import type { PacerData } from './messages.ts';

const AHEAD_NS = 200_000;
const GAP_NS = 500_000;

/** The pacer's side: blocks its thread until the last arrival is due or `control` says stop. */
export function pace({ lanes, control }: PacerData, clock: Clock): void {
  const tracks = lanes.map(({ scenarios, wake }) => {
    const timeline = new Timeline(scenarios);
    return { timeline, wake, wakeNs: timeline.dueNs - AHEAD_NS };
  });
  for (;;) {
    const track = tracks.reduce((first, other) => (other.wakeNs < first.wakeNs ? other : first));
    if (track.wakeNs === Infinity) return;
    const waitNs = track.wakeNs - clock();
    if (waitNs > 0 && Atomics.wait(control, 0, 0, waitNs / 1e6) !== 'timed-out') return;
    track.wake.postMessage(undefined);
    // This wake-up serves all that is due by now, or the one arrival for which it came early.
    const nowNs = clock();
    const servedNs = Math.max(nowNs, track.timeline.dueNs);
    while (track.timeline.dueNs <= servedNs) track.timeline.advance();
    track.wakeNs = Math.max(track.timeline.dueNs - AHEAD_NS, nowNs + GAP_NS);
  }
}

/** The lane's side: calls `release` when woken, once the next arrival is due. `untilDue` gives ns, or Infinity. */
export function onWake(wake: MessagePort, untilDue: () => number, release: () => void): void {
  let spinning = false;
  const turn = () => {
    const ns = untilDue();
    spinning = ns > 0 && ns <= AHEAD_NS;
    if (spinning) setImmediate(turn);
    else release();
  };
  wake.on('message', () => {
    if (!spinning) turn();
  });
}

/** Linux lets sleeps be late by 50 us, so that it can wake threads together; the calling thread wants none of it. */
export function sharpenTimers(): void {
  try {
    const thread = basename(readlinkSync('/proc/thread-self'));
    writeFileSync(`/proc/${thread}/timerslack_ns`, '1');
  } catch {
    // Not Linux, or not allowed: wake-ups are a little later, and the send lag tells.
  }
}
