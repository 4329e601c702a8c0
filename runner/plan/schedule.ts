/** From a profile to the plan of one run. */
import { UsageError } from '../errors.ts';
import type { ScenarioConfig } from '../profiles/executors.ts';
import type { Profile } from '../profiles/profile.ts';
import { scenarioKind } from '../profiles/scenario-kind.ts';
import { areaOf, durationOf, peakOf } from './course.ts';
import { isClosed } from './executor.ts';
import { type Plan, type PlannedScenario, type Ramp, SCENARIO_KINDS, type Spacing } from './plan.ts';
import { exponential, randomStream } from './random.ts';
import { tlsPolicyOf } from './tls-policy.ts';

const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;

/**
 * Fixes when each arrival of the run is due. Pure: the same profile, seed and runId give the same plan.
 *
 * Evenly spaced arrivals of a scenario start at a seeded point within the first of them; without that, scenarios of
 * one rate would fire in lockstep and each would measure the others' burst.
 *
 * Throws a UsageError for a scenario of which nothing says what it does.
 */
export function makePlan(profile: Profile, { seed, runId }: { seed: number; runId: string }): Plan {
  const scenarios = Object.entries(profile.scenarios).map(([name, config]): PlannedScenario => {
    const kind = scenarioKind(profile, name);
    if (kind === undefined) {
      throw new UsageError(`scenario "${name}" needs an exec: one of ${SCENARIO_KINDS.join(', ')}`);
    }
    const course = courseOf(config);
    const spacing = spacingOf(config, seed, name);
    const startNs = config.startTime * NS_PER_MS;
    return {
      name,
      kind,
      executor: config.executor,
      spacing,
      startNs,
      endNs: startNs + durationOf(course),
      course,
      arrivals: arrivalsOf(config, course, spacing),
      maxVUs: maxVUsOf(config, course),
      deadlineMs: config.deadline,
      ...(config.mode && { mode: config.mode }),
      ...(config.deadlines && { stageMs: config.deadlines }),
      gracefulStopMs: config.gracefulStop,
      httpVersion: config.httpVersion ?? 1.1,
      tls: tlsPolicyOf(config.tls),
    };
  });
  return { seed, runId, warmUpMs: profile.warmUp, workers: profile.workers, scenarios };
}

/** The rate a second, or the number of VUs, over the scenario's duration. */
export function courseOf(config: ScenarioConfig): Ramp[] {
  switch (config.executor) {
    case 'constant-arrival-rate':
    case 'poisson-arrival-rate': {
      const rate = aSecond(config.rate, config.timeUnit);
      return [{ durationNs: config.duration * NS_PER_MS, from: rate, to: rate }];
    }
    case 'herd':
      return [];
    case 'constant-vus':
      return [{ durationNs: config.duration * NS_PER_MS, from: config.vus, to: config.vus }];
    case 'ramping-arrival-rate':
      return ramps(
        aSecond(config.startRate, config.timeUnit),
        config.stages.map(({ duration, target }) => ({ duration, target: aSecond(target, config.timeUnit) })),
      );
    case 'ramping-vus':
      return ramps(config.startVUs, config.stages);
  }
}

/** k6's stages: from the value before to `target`, linearly; a stage of no duration is a jump. */
function ramps(start: number, stages: { duration: number; target: number }[]): Ramp[] {
  let from = start;
  return stages.map(({ duration, target }) => {
    const ramp = { durationNs: duration * NS_PER_MS, from, to: target };
    from = target;
    return ramp;
  });
}

function aSecond(rate: number, timeUnitMs: number): number {
  return (rate * MS_PER_SECOND) / timeUnitMs;
}

function spacingOf(config: ScenarioConfig, seed: number, name: string): Spacing {
  if (isClosed(config.executor)) return { type: 'closed' };
  if (config.executor === 'herd') return { type: 'herd' };
  const isRandom =
    config.executor === 'poisson-arrival-rate' ||
    (config.executor === 'ramping-arrival-rate' && config.arrivals === 'poisson');
  return isRandom
    ? { type: 'poisson', seed, stream: name }
    : { type: 'even', phase: randomStream(seed, name)() };
}

/** As many as can be in flight at once. */
function maxVUsOf(config: ScenarioConfig, course: Ramp[]): number {
  if (config.executor === 'herd') return config.iterations;
  return 'maxVUs' in config ? config.maxVUs : peakOf(course);
}

function arrivalsOf(config: ScenarioConfig, course: Ramp[], spacing: Spacing): number {
  if (config.executor === 'herd') return config.iterations;
  if (spacing.type === 'closed') return 0;
  const area = areaOf(course);
  if (spacing.type !== 'poisson') return wholeNumber(area);
  // As many as the cursor will make before the course is over.
  const random = randomStream(spacing.seed, spacing.stream);
  let arrivals = 0;
  for (let at = exponential(random); at <= area; at += exponential(random)) arrivals++;
  return arrivals;
}

/** Rounds down, but takes 2.9999999999999996 (0.1 × 30 s and the like) for the 3 that it is. */
function wholeNumber(arrivals: number): number {
  const nearest = Math.round(arrivals);
  return Math.abs(arrivals - nearest) < 1e-9 * Math.max(1, nearest) ? nearest : Math.floor(arrivals);
}
