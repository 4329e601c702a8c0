/**
 * The run under k6's names and in the shape of k6's `--summary-export`, for scripts that read k6 summaries.
 * What differs: a trend without samples is null instead of 0, percentiles are HdrHistogram's instead of
 * interpolated, and an answer with a wrong body is a failed request (in k6 it would be a failed check).
 */
import type { Histogram } from 'hdr-histogram-js';
import { type RunResult, type ScenarioResult, TREND_METRICS, type TrendMetric } from '../engine/contract.ts';
import type { Profile } from '../profiles/profile.ts';
import { targetType } from '../profiles/scenario-kind.ts';
import { failedRate, iterations, sumOfFates } from './fates.ts';
import { merged, statistics } from './statistics.ts';

/** Name of a metric or submetric to its values; times in ms, rates a second. */
export type K6Metrics = Record<string, Record<string, number | null>>;

/** k6's phases: all trends that this bench did not add. */
export const PHASES = TREND_METRICS.filter((metric): metric is Extract<TrendMetric, `http_${string}`> =>
  metric.startsWith('http_'),
);

export function k6Metrics(profile: Profile, result: RunResult): K6Metrics {
  const scenarios = Object.values(result.scenarios);
  const seconds = result.durationMs / 1000;
  const metrics: K6Metrics = {
    ...phases(scenarios),
    iteration_duration: trend(merged(scenarios.map(({ trends }) => trends.service_time))),
    ...perScenario(scenarios, seconds, ''),
    data_sent: counter(total(scenarios, 'dataSent'), seconds),
    data_received: counter(total(scenarios, 'dataReceived'), seconds),
  };
  for (const [tag, some] of submetrics(profile, scenarios)) {
    Object.assign(
      metrics,
      { [`http_req_duration${tag}`]: phases(some).http_req_duration },
      perScenario(some, seconds, tag),
    );
  }
  return metrics;
}

/** k6 makes a submetric only where a threshold names it; here they are always there. */
function submetrics(profile: Profile, scenarios: ScenarioResult[]): Map<string, ScenarioResult[]> {
  const groups = new Map<string, ScenarioResult[]>();
  for (const scenario of scenarios) {
    groups.set(`{scenario:${scenario.name}}`, [scenario]);
    const target = targetType(profile, scenario.name);
    if (target === undefined) continue;
    const tag = `{target_type:${target}}`;
    groups.set(tag, [...(groups.get(tag) ?? []), scenario]);
  }
  return groups;
}

function phases(scenarios: ScenarioResult[]): K6Metrics {
  return Object.fromEntries(
    PHASES.map((metric) => [metric, trend(merged(scenarios.map(({ trends }) => trends[metric])))]),
  );
}

function perScenario(scenarios: ScenarioResult[], seconds: number, tag: string): K6Metrics {
  const fates = sumOfFates(scenarios);
  return {
    [`http_reqs${tag}`]: counter(iterations(fates), seconds),
    [`iterations${tag}`]: counter(iterations(fates), seconds),
    [`dropped_iterations${tag}`]: counter(fates.dropped, seconds),
    // k6 counts "true" samples as passes, and true means failed.
    [`http_req_failed${tag}`]: { passes: fates.failed, fails: fates.completed, value: failedRate(fates) },
  };
}

function trend(histogram: Histogram): Record<string, number | null> {
  const { avg, min, med, max, p90, p95, p99 } = statistics(histogram);
  return { avg, min, med, max, 'p(90)': p90, 'p(95)': p95, 'p(99)': p99 };
}

function counter(count: number, seconds: number): Record<string, number | null> {
  return { count, rate: seconds === 0 ? null : count / seconds };
}

function total(scenarios: ScenarioResult[], field: 'dataSent' | 'dataReceived'): number {
  return scenarios.reduce((sum, scenario) => sum + scenario[field], 0);
}
