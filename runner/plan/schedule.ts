/** From a profile to the plan of one run. */
import { UsageError } from '../errors.ts';
import type { Profile, ScenarioConfig } from '../profiles/profile.ts';
import { scenarioKind } from '../profiles/scenario-kind.ts';
import { type Plan, type PlannedScenario, SCENARIO_KINDS, type ScenarioKind } from './plan.ts';
import { randomStream } from './random.ts';

const NS_PER_MS = 1e6;

/**
 * Fixes when each arrival of the run is due. Pure: the same profile, seed and runId give the same plan.
 *
 * Constant arrival rate: rate × duration / timeUnit arrivals, rounded down, one period apart. Each scenario
 * starts at a seeded point within its first period; without that, scenarios of one rate would fire in lockstep
 * and each would measure the others' burst.
 *
 * Throws a UsageError for a scenario of which nothing says what it does.
 */
export function makePlan(profile: Profile, { seed, runId }: { seed: number; runId: string }): Plan {
  const scenarios = Object.entries(profile.scenarios).map(([name, config]) => {
    const kind = scenarioKind(profile, name);
    if (kind === undefined) {
      throw new UsageError(`scenario "${name}" needs an exec: one of ${SCENARIO_KINDS.join(', ')}`);
    }
    return constantArrivalRate(name, kind, config, randomStream(seed, name)());
  });
  return { seed, runId, scenarios };
}

/** `phase` in [0, 1): the part of a period by which the first arrival comes after the scenario's start. */
function constantArrivalRate(
  name: string,
  kind: ScenarioKind,
  config: ScenarioConfig,
  phase: number,
): PlannedScenario {
  const periodNs = (config.timeUnit * NS_PER_MS) / config.rate;
  return {
    name,
    kind,
    periodNs,
    firstNs: config.startTime * NS_PER_MS + phase * periodNs,
    arrivals: wholeNumber((config.rate * config.duration) / config.timeUnit),
    endNs: (config.startTime + config.duration) * NS_PER_MS,
    maxVUs: config.maxVUs,
    deadlineMs: config.deadline,
    gracefulStopMs: config.gracefulStop,
  };
}

/** Rounds down, but takes 2.9999999999999996 (0.1 × 30 s and the like) for the 3 that it is. */
function wholeNumber(arrivals: number): number {
  const nearest = Math.round(arrivals);
  return Math.abs(arrivals - nearest) < 1e-9 * Math.max(1, nearest) ? nearest : Math.floor(arrivals);
}
