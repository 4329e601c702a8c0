/** Judges a run by the thresholds of its profile. */
import type { Aborted, Judge, RunResult, ScenarioResult, SoFar } from '../engine/contract.ts';
import type { Profile } from '../profiles/profile.ts';
import { type Measure, type Operator, parseThreshold } from '../profiles/threshold.ts';
import { expressionOf } from '../profiles/threshold-entry.ts';
import { errorRate, failedRate, iterations, selected, sumOfFates } from './fates.ts';
import { mean, merged, percentile } from './statistics.ts';

export type Unit = 'ms' | 'ratio' | 'count' | 'per second';

export interface ThresholdResult {
  /** As the profile writes it, with its selector. */
  metric: string;
  expression: string;
  limit: number;
  unit: Unit;
  /** Null without samples. */
  value: number | null;
  /** Times of a trend, sent or ended arrivals of a rate, offered arrivals of a counter. */
  samples: number;
  ok: boolean;
  /** Why it is not ok; null where it is. */
  reason: string | null;
  /** Where it ended the run: what its value was then, and when. Then it is not ok, whatever came after. */
  aborted?: Pick<Aborted, 'value' | 'atMs'>;
}

type Measured = Pick<ThresholdResult, 'unit' | 'value' | 'samples'>;

/** One result an expression, in the profile's order. A threshold without samples fails: nothing was shown. */
export function evaluateThresholds(
  profile: Profile,
  result: SoFar & Pick<RunResult, 'aborted'>,
): ThresholdResult[] {
  const { aborted } = result;
  return Object.entries(profile.thresholds).flatMap(([metric, entries]) =>
    entries.map((entry) => {
      const evaluated = evaluate(profile, metric, expressionOf(entry), result);
      if (aborted?.metric !== metric || aborted.expression !== evaluated.expression) return evaluated;
      const { value, atMs } = aborted;
      return { ...evaluated, ok: false, reason: 'it ended the run', aborted: { value, atMs } };
    }),
  );
}

/**
 * Judges a run while it lasts, by the thresholds of the profile with `abortOnFail`, of which the first that does not
 * hold is named. Without samples nothing is judged: they may still come.
 */
export function abortJudge(profile: Profile): Judge {
  const watched = Object.entries(profile.thresholds).flatMap(([metric, entries]) =>
    entries.flatMap((entry) => (typeof entry === 'object' && entry.abortOnFail ? { metric, ...entry } : [])),
  );
  return (sofar) => {
    for (const { metric, threshold: expression, delayAbortEval } of watched) {
      if (sofar.durationMs < delayAbortEval) continue;
      const { value, ok } = evaluate(profile, metric, expression, sofar);
      if (value !== null && !ok) return { metric, expression, value };
    }
    return undefined;
  };
}

function evaluate(profile: Profile, metric: string, expression: string, sofar: SoFar): ThresholdResult {
  const { selector, measure, operator, limit } = parseThreshold(metric, expression);
  const scenarios = selected(Object.values(sofar.scenarios), profile, selector);
  const measured = take(measure, scenarios, sofar.durationMs);
  const ok = measured.value !== null && holds(measured.value, operator, limit);
  return { metric, expression, limit, ...measured, ok, reason: ok ? null : reason(measured) };
}

function reason({ value, unit }: Measured): string {
  if (value === null) return 'no samples: nothing was measured that could meet it';
  return `the measured value is ${value}${unit === 'ratio' || unit === 'count' ? '' : ` ${unit}`}`;
}

function holds(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

function take(measure: Measure, scenarios: ScenarioResult[], durationMs: number): Measured {
  const fates = sumOfFates(scenarios);
  switch (measure.type) {
    case 'trend':
      return takeTrend(measure, scenarios);
    case 'counter': {
      const count = {
        iterations: iterations(fates),
        dropped_iterations: fates.dropped,
        unfinished: fates.unfinished,
      }[measure.metric];
      const samples = fates.offered;
      if (measure.aggregation === 'count') {
        return { unit: 'count', value: samples === 0 ? null : count, samples };
      }
      const seconds = durationMs / 1000;
      return { unit: 'per second', value: samples === 0 || seconds === 0 ? null : count / seconds, samples };
    }
    case 'rate':
      return measure.metric === 'error_rate'
        ? { unit: 'ratio', value: errorRate(fates), samples: iterations(fates) + fates.unfinished }
        : { unit: 'ratio', value: failedRate(fates), samples: iterations(fates) };
  }
}

function takeTrend(measure: Measure & { type: 'trend' }, scenarios: ScenarioResult[]): Measured {
  const histogram = merged(scenarios.map(({ trends }) => trends[measure.metric]));
  const { aggregation } = measure;
  const value =
    aggregation === 'avg'
      ? mean(histogram)
      : percentile(
          histogram,
          typeof aggregation === 'object'
            ? aggregation.percentile
            : { min: 0, med: 50, max: 100 }[aggregation],
        );
  return { unit: 'ms', value, samples: histogram.totalCount };
}
