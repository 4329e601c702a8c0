/** The run's clock. */

/**
 * Nanoseconds since the run's time zero, as a plain number (exact for 104 days). All threads read the same
 * CLOCK_MONOTONIC through `process.hrtime`, so times of different threads compare; `performance.now()` counts
 * from each thread's own start and would need its offset measured. Wall-clock jumps do not show.
 */
export type Clock = () => number;

/** A clock with its zero at the given reading of `process.hrtime.bigint()`. */
export function clockFrom(zero: bigint): Clock {
  return () => Number(process.hrtime.bigint() - zero);
}
