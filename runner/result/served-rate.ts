/** How fast something came to be served: the one formula of all figures "a minute" of deploy loops. */

const SECONDS_PER_MINUTE = 60;

/**
 * Served a minute from the first to the last of them. What was waited for the first is no part of it, and neither is
 * what came after the last: latency is told apart from the rate.
 *
 * @param servedS when each was served, seconds from any one moment, in any order
 * @returns null where there is no span: for less than two, and where all were served at the same moment
 */
export function servedAMinute(servedS: readonly number[]): number | null {
  if (servedS.length < 2) return null;
  const span = Math.max(...servedS) - Math.min(...servedS);
  return span > 0 ? ((servedS.length - 1) / span) * SECONDS_PER_MINUTE : null;
}
