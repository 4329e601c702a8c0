/** The smallest time that a profile asks of a scenario: what the generator's own lateness is measured by. */
import type { Profile } from '../../profiles/profile.ts';
import { targetType } from '../../profiles/scenario-kind.ts';
import { parseThreshold, type Selector } from '../../profiles/threshold.ts';
import { expressionOf } from '../../profiles/threshold-entry.ts';

const TIMES = ['response_time', 'service_time', 'http_req_duration'] as const;

/** Milliseconds; null where no threshold limits a time of the scenario from above. */
export function sloMs(profile: Profile, scenario: string): number | null {
  const limits = Object.entries(profile.thresholds).flatMap(([metric, entries]) =>
    entries.flatMap((entry) => {
      const { selector, measure, operator, limit } = parseThreshold(metric, expressionOf(entry));
      const isTime = TIMES.some((time) => time === measure.metric);
      const isUpper = operator === '<' || operator === '<=';
      return isTime && isUpper && limit > 0 && means(profile, selector, scenario) ? [limit] : [];
    }),
  );
  return limits.length === 0 ? null : Math.min(...limits);
}

function means(profile: Profile, selector: Selector | undefined, scenario: string): boolean {
  if (selector === undefined) return true;
  return selector.value === (selector.tag === 'scenario' ? scenario : targetType(profile, scenario));
}
