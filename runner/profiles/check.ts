/** What a schema cannot say about a profile: names that must exist elsewhere in it, thresholds that must parse. */
import { SCENARIO_KINDS } from '../plan/plan.ts';
import type { Profile } from './profile.ts';
import { type Kinds, scenarioKind, targetType } from './scenario-kind.ts';
import { parseMetric, parseThreshold, type Selector, ThresholdSyntaxError } from './threshold.ts';

export interface Problem {
  /** Keys from the root of the file. */
  path: PropertyKey[];
  message: string;
}

/** Scenarios of which nothing says what they do. */
export function kindProblems(profile: Kinds): Problem[] {
  return Object.keys(profile.scenarios)
    .filter((name) => scenarioKind(profile, name) === undefined)
    .map((name) => ({
      path: ['scenarios', name],
      message: `needs an \`exec\`, because its name is none of ${SCENARIO_KINDS.join(', ')}`,
    }));
}

/** Thresholds that cannot be read, or that select what is not there. */
export function thresholdProblems(profile: Kinds & Pick<Profile, 'thresholds'>): Problem[] {
  return Object.entries(profile.thresholds).flatMap(([metric, expressions]) =>
    problemsOf(profile, metric, expressions),
  );
}

function problemsOf(profile: Kinds, metric: string, expressions: string[]): Problem[] {
  const ofMetric = complaint(() => checkSelector(profile, parseMetric(metric).selector));
  if (ofMetric !== undefined) return [{ path: ['thresholds', metric], message: ofMetric }];
  return expressions.flatMap((expression, index) => {
    const message = complaint(() => parseThreshold(metric, expression));
    return message === undefined ? [] : [{ path: ['thresholds', metric, index], message }];
  });
}

/** A selector that matches nothing would only ever fail for want of samples. */
function checkSelector(profile: Kinds, selector: Selector | undefined): void {
  if (selector === undefined) return;
  const names = Object.keys(profile.scenarios);
  const known =
    selector.tag === 'scenario' ? names : names.flatMap((name) => targetType(profile, name) ?? []);
  if (known.some((value) => value === selector.value)) return;
  const which = known.length > 0 ? known.join(', ') : 'none';
  throw new ThresholdSyntaxError(`no ${selector.tag} "${selector.value}" in this profile; it has: ${which}`);
}

function complaint(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ThresholdSyntaxError) return error.message;
    throw error;
  }
}
