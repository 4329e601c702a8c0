/** metrics.prom: the figures of a run in Prometheus' text format, for node_exporter's textfile collector. */
import { Registry } from 'prom-client';
import type { ScenarioSummary, Summary } from '../result/summary-schema.ts';
import { FATES_HELP, gaugesOf, type MakeGauge, RESPONSE_TIME_HELP } from './gauges.ts';

const TRENDS = ['response_time', 'service_time', 'send_lag'] as const;
const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999, max: 1 } as const;

/** Base units as Prometheus wants them: seconds, ratios. What was not measured is absent, not 0. */
export async function metricsProm(summary: Summary): Promise<string> {
  const registry = new Registry();
  addSummary(summary, gaugesOf(registry));
  return `${await registry.metrics()}\n`.replace(/\n+$/, '\n');
}

/** All figures of a run that has ended. */
export function addSummary(summary: Summary, gauge: MakeGauge): void {
  addRun(summary, gauge);
  addThresholds(summary, gauge);
  addTimes(summary, gauge);
  addArrivals(summary, gauge);
}

function addRun({ run, profile, subject, verdict, environment, validity }: Summary, gauge: MakeGauge): void {
  gauge('run_info', 'The run that all other figures are of.', [
    'run',
    'profile',
    'subject',
    'subject_version',
    'verdict',
    'seed',
    'stack',
  ]).set(
    {
      run: run.id,
      profile: profile.name,
      subject: subject.kind,
      subject_version: subject.version,
      verdict,
      seed: run.seed,
      stack: environment.stack ?? '',
    },
    1,
  );
  gauge('run_passed', '1 where the verdict is PASSED.', []).set(verdict === 'PASSED' ? 1 : 0);
  if (validity !== undefined) {
    const valid = validity.verdict === 'VALID';
    gauge('run_valid', '1 where the generator can vouch for the run.', []).set(valid ? 1 : 0);
  }
  gauge('run_end_timestamp_seconds', 'When the run ended.', []).set(Date.parse(run.endedAt) / 1000);
  gauge('run_duration_seconds', 'From time zero of the plan to the end of the last request.', []).set(
    run.durationMs / 1000,
  );
}

function addThresholds({ thresholds }: Summary, gauge: MakeGauge): void {
  const ok = gauge('threshold_ok', '1 where the threshold held.', ['metric', 'expression']);
  for (const { metric, expression, ...threshold } of thresholds) {
    ok.set({ metric, expression }, threshold.ok ? 1 : 0);
  }
}

function addTimes({ scenarios }: Summary, gauge: MakeGauge): void {
  for (const trend of TRENDS) {
    const times = gauge(`${trend}_seconds`, HELP[trend], ['scenario', 'target_type', 'quantile']);
    for (const [scenario, one] of Object.entries(scenarios)) {
      for (const [name, quantile] of Object.entries(QUANTILES)) {
        const ms = one[trend][name as keyof typeof QUANTILES];
        if (ms !== null) times.set({ ...labels(scenario, one), quantile }, ms / 1000);
      }
    }
  }
}

const HELP = {
  response_time: RESPONSE_TIME_HELP,
  service_time: 'From the actual send of an arrival to its end; quantile 1 is the maximum.',
  send_lag: 'Actual send minus intended start; quantile 1 is the maximum.',
};

function addArrivals({ scenarios }: Summary, gauge: MakeGauge): void {
  const fates = gauge('arrivals', FATES_HELP, ['scenario', 'target_type', 'fate']);
  const failures = gauge('failures', 'Failed arrivals by kind.', ['scenario', 'target_type', 'kind']);
  const errors = gauge('error_ratio', '(failed + unfinished) / sent.', ['scenario', 'target_type']);
  for (const [scenario, one] of Object.entries(scenarios)) {
    const of = labels(scenario, one);
    for (const fate of ['completed', 'failed', 'dropped', 'unfinished'] as const) {
      fates.set({ ...of, fate }, one.counts[fate]);
    }
    for (const [kind, times] of Object.entries(one.counts.failedByKind)) failures.set({ ...of, kind }, times);
    if (one.error_rate !== null) errors.set(of, one.error_rate);
  }
}

const labels = (scenario: string, { target_type }: ScenarioSummary) => ({
  scenario,
  target_type: target_type ?? '',
});
