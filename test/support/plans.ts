/** Plans for tests, made without a profile. */
import type { Plan, PlannedScenario } from '../../runner/plan/plan.ts';

/** By default 50 arrivals in a second, of which none is ever dropped or cut off. */
export function plannedScenario(parts: Partial<PlannedScenario> = {}): PlannedScenario {
  const kind = parts.kind ?? 'list_certificates';
  const periodNs = parts.periodNs ?? 20e6;
  const firstNs = parts.firstNs ?? 0;
  const arrivals = parts.arrivals ?? 50;
  return {
    name: kind,
    kind,
    periodNs,
    firstNs,
    arrivals,
    endNs: firstNs + arrivals * periodNs,
    maxVUs: 10_000,
    deadlineMs: 10_000,
    gracefulStopMs: 10_000,
    ...parts,
  };
}

export function planOf(...scenarios: PlannedScenario[]): Plan {
  return { seed: 1, runId: 'test-run', scenarios };
}
