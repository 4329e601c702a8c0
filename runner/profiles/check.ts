/** What a schema cannot say about a profile: names that must exist elsewhere in it, thresholds that must parse. */
import { SCENARIO_KINDS } from '../plan/plan.ts';
import { formatDuration } from './duration.ts';
import { type Kinds, scenarioKind, targetType } from './scenario-kind.ts';
import { parseMetric, parseThreshold, type Selector, ThresholdSyntaxError } from './threshold.ts';
import { type EntryOutline, expressionOf } from './threshold-entry.ts';

export interface Problem {
  /** Keys from the root of the file. */
  path: PropertyKey[];
  message: string;
}

/** HTTP/2 where it says nothing: a handshake is followed by one request. */
export function httpProblems(
  profile: Kinds & { scenarios: Record<string, { httpVersion?: unknown }> },
): Problem[] {
  return Object.entries(profile.scenarios)
    .filter(([name, { httpVersion }]) => httpVersion === 2 && targetType(profile, name) !== undefined)
    .map(([name]) => ({
      path: ['scenarios', name, 'httpVersion'],
      message: 'a handshake scenario speaks HTTP/1.1; 2 is for calls of the API',
    }));
}

/** A herd has no duration, so that what is in flight has nothing but gracefulStop. */
export function herdProblems({
  scenarios,
}: {
  scenarios: Record<string, { executor: string; deadline: number; gracefulStop: number }>;
}): Problem[] {
  return Object.entries(scenarios)
    .filter(([, { executor, deadline, gracefulStop }]) => executor === 'herd' && gracefulStop < deadline)
    .map(([name, { deadline }]) => ({
      path: ['scenarios', name, 'gracefulStop'],
      message: `a herd needs at least its deadline, ${formatDuration(deadline)}: what has not ended by then is cut off`,
    }));
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

/** Thresholds that cannot be read, or that select what is not there; those that are undefined are the schema's. */
export function thresholdProblems(
  profile: Kinds & { thresholds: Record<string, (EntryOutline | undefined)[]> },
): Problem[] {
  return Object.entries(profile.thresholds).flatMap(([metric, entries]) =>
    problemsOf(profile, metric, entries),
  );
}

function problemsOf(profile: Kinds, metric: string, entries: (EntryOutline | undefined)[]): Problem[] {
  const ofMetric = complaint(() => checkSelector(profile, parseMetric(metric).selector));
  if (ofMetric !== undefined) return [{ path: ['thresholds', metric], message: ofMetric }];
  return entries.flatMap((entry, index) => {
    if (entry === undefined) return [];
    const message = complaint(() => parseThreshold(metric, expressionOf(entry)));
    const path = ['thresholds', metric, index, ...(typeof entry === 'string' ? [] : ['threshold'])];
    return message === undefined ? [] : [{ path, message }];
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
