/** The figures of a run that is going on, as gauges with the names that they have when it has ended. */
import type { Progress } from '../engine/contract.ts';
import { type Kinds, targetType } from '../profiles/scenario-kind.ts';
import { FATES_HELP, type MakeGauge, RESPONSE_TIME_HELP } from '../report/gauges.ts';

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

export function addProgress(
  { elapsedMs, totalMs, scenarios }: Progress,
  profile: Kinds,
  gauge: MakeGauge,
): void {
  gauge('run_elapsed_seconds', 'Since time zero of the plan.', []).set(elapsedMs / 1000);
  gauge('run_planned_seconds', 'Length of the plan, without gracefulStop.', []).set(totalMs / 1000);
  const of = ['scenario', 'target_type'] as const;
  const fates = gauge('arrivals', FATES_HELP, [...of, 'fate']);
  const inFlight = gauge('in_flight', 'Sent, and not ended yet.', [...of]);
  const rate = gauge('sent_per_second', 'Arrivals sent in the last whole second.', [...of]);
  const times = gauge('response_time_seconds', RESPONSE_TIME_HELP, [...of, 'quantile']);
  for (const one of scenarios) {
    const labels = { scenario: one.name, target_type: targetType(profile, one.name) ?? '' };
    for (const fate of ['completed', 'failed', 'dropped', 'unfinished'] as const)
      fates.set({ ...labels, fate }, one.counts[fate]);
    inFlight.set(labels, one.inFlight);
    rate.set(labels, one.rate);
    for (const [name, quantile] of Object.entries(QUANTILES)) {
      const ms = one[name as keyof typeof QUANTILES];
      if (ms !== null) times.set({ ...labels, quantile }, ms / 1000);
    }
  }
}
