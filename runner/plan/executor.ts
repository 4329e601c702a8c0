/** The executors: k6's names, and two that k6 does not have, poisson-arrival-rate and herd. */

/** Open: arrivals come when the plan says, whatever the subject does. */
export const OPEN_EXECUTORS = [
  'constant-arrival-rate',
  'poisson-arrival-rate',
  'ramping-arrival-rate',
  'herd',
] as const;
/** Closed: each VU waits for its answer before it sends again, so that a slow subject is asked less. */
export const CLOSED_EXECUTORS = ['constant-vus', 'ramping-vus'] as const;

export type Executor = (typeof OPEN_EXECUTORS)[number] | (typeof CLOSED_EXECUTORS)[number];

export function isClosed(executor: Executor): boolean {
  return CLOSED_EXECUTORS.some((closed) => closed === executor);
}

/** Said wherever figures of a closed executor are shown. */
export const CLOSED_NOTE =
  'closed model, for comparison only: a slow subject is asked less, and its stalls hide from the percentiles';
