/** The two tables that the old harness's readers look for: the API's calls and the targets, in ms. */
import { TARGET_NAMES, type TargetName } from '../../infra/targets.ts';
import type { RunResult, ScenarioResult } from '../engine/contract.ts';
import type { ApiCall } from '../plan/plan.ts';
import type { Profile } from '../profiles/profile.ts';
import { scenarioKind, targetType } from '../profiles/scenario-kind.ts';
import { errorRate, iterations, sumOfFates } from './fates.ts';
import { merged, statistics } from './statistics.ts';

/** Of `response_time`; every field is null where the scenario was not run. */
export interface TierRow {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
  avg: number | null;
  error_rate: number | null;
  iterations: number | null;
}

export function apiTier(profile: Profile, result: RunResult): Record<ApiCall, TierRow> {
  const of = (call: ApiCall) => row(result, (name) => scenarioKind(profile, name) === call);
  return { issuance_acceptance: of('issuance_acceptance'), list_certificates: of('list_certificates') };
}

export function connectorTier(profile: Profile, result: RunResult): Record<TargetName, TierRow> {
  const of = (target: TargetName) => row(result, (name) => targetType(profile, name) === target);
  return Object.fromEntries(TARGET_NAMES.map((target) => [target, of(target)])) as Record<
    TargetName,
    TierRow
  >;
}

function row(result: RunResult, belongs: (name: string) => boolean): TierRow {
  const scenarios: ScenarioResult[] = Object.values(result.scenarios).filter(({ name }) => belongs(name));
  const { p50, p95, p99, max, avg } = statistics(merged(scenarios.map(({ trends }) => trends.response_time)));
  const fates = sumOfFates(scenarios);
  return {
    p50,
    p95,
    p99,
    max,
    avg,
    error_rate: errorRate(fates),
    iterations: scenarios.length === 0 ? null : iterations(fates),
  };
}
