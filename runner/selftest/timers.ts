/** How good this machine's time is: what a sleep is late by, and what is missing from a loop that never sleeps. */
import { newTrends, record } from '../engine/trends.ts';

export interface Spun {
  /** Largest time between two readings of the clock, ms. */
  maxMs: number;
  /** Share of the time that was in gaps of more than 0.1 ms: when the loop did not run, though it could have. */
  missing: number;
}

const GAP_NS = 100_000n;

/** Reads the clock for so many ms and does nothing else: what it misses, no code on this machine can have. */
export function spin(ms: number): Spun {
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(ms * 1e6));
  let [last, max, missing] = [start, 0n, 0n];
  while (last < end) {
    const now = process.hrtime.bigint();
    const gap = now - last;
    if (gap > max) max = gap;
    if (gap > GAP_NS) missing += gap;
    last = now;
  }
  return { maxMs: Number(max) / 1e6, missing: Number(missing) / Number(last - start) };
}

export interface Overshoot {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** How much longer than asked sleeps of 1 ms are, which last `ms` in all. */
export function sleepOvershoot(sleep: (ns: number) => void, ms: number): Overshoot {
  const { send_lag: late } = newTrends();
  for (let slept = 0; slept < ms; slept++) {
    const asked = process.hrtime.bigint();
    sleep(1e6);
    record(late, Number(process.hrtime.bigint() - asked) - 1e6);
  }
  const percentile = (percent: number) => late.getValueAtPercentile(percent) / 1000;
  return { p50Ms: percentile(50), p99Ms: percentile(99), maxMs: percentile(100) };
}
