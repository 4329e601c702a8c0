/** A scenario that several threads send: each has a share of its arrivals, and of its VUs. */
import { isClosed } from './executor.ts';
import type { PlannedScenario } from './plan.ts';

/** Every `of`th arrival, from number `index` on. */
export interface Share {
  index: number;
  of: number;
}

/**
 * What each of the threads sends: together exactly the scenario, none with no VU of its own. A closed scenario is one
 * thread's: which request is whose would depend on the answers.
 */
export function sharesOf(planned: PlannedScenario, workers: number): PlannedScenario[] {
  const of = isClosed(planned.executor) ? 1 : Math.min(workers, planned.maxVUs);
  if (of === 1) return [planned];
  return Array.from({ length: of }, (_, index) => ({
    ...planned,
    maxVUs: Math.floor((planned.maxVUs + of - 1 - index) / of),
    share: { index, of },
  }));
}
