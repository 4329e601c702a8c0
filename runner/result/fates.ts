/** How the arrivals of one scenario or of several ended, in the shares that are judged. */
import type { Counts, ScenarioResult } from '../engine/contract.ts';
import type { Profile } from '../profiles/profile.ts';
import { targetType } from '../profiles/scenario-kind.ts';
import type { Selector } from '../profiles/threshold.ts';

type Fates = Pick<Counts, 'offered' | 'completed' | 'failed' | 'dropped' | 'unfinished'>;

/** The scenarios that a selector means; all of them without one. */
export function selected(
  scenarios: ScenarioResult[],
  profile: Profile,
  selector: Selector | undefined,
): ScenarioResult[] {
  if (selector === undefined) return scenarios;
  return scenarios.filter(({ name }) =>
    selector.tag === 'scenario' ? name === selector.value : targetType(profile, name) === selector.value,
  );
}

/** The fates of several scenarios together. */
export function sumOfFates(scenarios: ScenarioResult[]): Fates {
  const sum: Fates = { offered: 0, completed: 0, failed: 0, dropped: 0, unfinished: 0 };
  for (const { counts } of scenarios) {
    sum.offered += counts.offered;
    sum.completed += counts.completed;
    sum.failed += counts.failed;
    sum.dropped += counts.dropped;
    sum.unfinished += counts.unfinished;
  }
  return sum;
}

/** k6's `iterations`: arrivals that came to an end, good or bad. */
export function iterations(fates: Fates): number {
  return fates.completed + fates.failed;
}

/**
 * (failed + unfinished) / (completed + failed + unfinished): a request that never came back is an error too.
 * Dropped arrivals were never sent and are judged by `dropped_iterations`. Null where nothing was sent.
 */
export function errorRate(fates: Fates): number | null {
  const sent = fates.completed + fates.failed + fates.unfinished;
  return sent === 0 ? null : (fates.failed + fates.unfinished) / sent;
}

/** k6's `http_req_failed`: failed / ended; it does not know of requests that never came back. */
export function failedRate(fates: Fates): number | null {
  const ended = iterations(fates);
  return ended === 0 ? null : fates.failed / ended;
}
