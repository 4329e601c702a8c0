/** Plans for tests, made without a profile. */

import type { Plan, PlannedScenario } from '../../runner/plan/plan.ts';
import { tlsPolicyOf } from '../../runner/plan/tls-policy.ts';

/** A planned scenario, of which period and first arrival may be named instead of its course. */
export interface PlannedParts extends Partial<PlannedScenario> {
  periodNs?: number;
  firstNs?: number;
}

/** By default 50 arrivals in a second, of which none is ever dropped or cut off. */
export function plannedScenario({
  periodNs = 20e6,
  firstNs = 0,
  arrivals = 50,
  ...parts
}: PlannedParts = {}): PlannedScenario {
  const kind = parts.kind ?? 'list_certificates';
  const durationNs = arrivals * periodNs;
  const rate = 1e9 / periodNs;
  return {
    name: kind,
    kind,
    executor: 'constant-arrival-rate',
    spacing: { type: 'even', phase: 0 },
    startNs: firstNs,
    endNs: firstNs + durationNs,
    course: [{ durationNs, from: rate, to: rate }],
    arrivals,
    maxVUs: 10_000,
    deadlineMs: 10_000,
    gracefulStopMs: 10_000,
    httpVersion: 1.1,
    tls: tlsPolicyOf(),
    ...parts,
  };
}

export function planOf(...scenarios: PlannedScenario[]): Plan {
  return { seed: 1, runId: 'test-run', warmUpMs: 0, workers: 1, scenarios };
}
