/** Rules about what was sent, against what the plan says. */
import type { ScenarioResult } from '../../engine/contract.ts';
import { dueBy } from '../../plan/arrivals.ts';
import { peakOf } from '../../plan/course.ts';
import type { PlannedScenario } from '../../plan/plan.ts';
import { sharesOf } from '../../plan/share.ts';
import {
  cpuThrottled,
  cpuWait,
  eventLoop,
  generatorCpu,
  generatorExhausted,
  sendLag,
  workerDeaths,
} from './generator-rules.ts';
import { apply, type Evidence, type Rule } from './rule.ts';

const NS_PER_MS = 1e6;
const MIN_ACHIEVED = 0.99;

/** True where the generator was in bounds: then what found no free VU is the subject's doing. */
function generatorInBounds(evidence: Evidence): boolean {
  const rules = [
    ...[sendLag, generatorCpu, eventLoop, cpuWait, cpuThrottled],
    ...[workerDeaths, generatorExhausted],
  ];
  return rules.every((rule) => apply(rule, evidence).ok);
}

const open = ({ result, planned }: Evidence): ScenarioResult[] =>
  Object.values(result.scenarios).filter(({ name }) => planned.has(name));

function arrivalsOf({ result, planned }: Evidence, name: string): number {
  const scenario = planned.get(name);
  if (scenario === undefined) return 0;
  return result.aborted ? dueBy(scenario, result.aborted.atMs * NS_PER_MS) : scenario.arrivals;
}

export const arrivalsDue: Rule = {
  rule: 'arrivals_due',
  unit: 'ratio',
  judged: true,
  holds: 'at least',
  what: 'arrivals whose time came, of those that the plan has; where a threshold ended the run, has until then',
  remedy: 'the run ended before its plan did: let it run to its end',
  findings: (evidence) =>
    open(evidence).map(({ name, counts }) => {
      const arrivals = arrivalsOf(evidence, name);
      return { of: name, value: arrivals === 0 ? null : counts.offered / arrivals, limit: 1 };
    }),
};

export const achieved: Rule = {
  rule: 'achieved',
  unit: 'ratio',
  judged: true,
  holds: 'at least',
  what: 'arrivals that were sent, of those that were due; without those that the subject left no VU for',
  remedy: 'the generator did not send what was due: lower the rate, or give it a faster machine',
  findings: (evidence) => {
    const isSubjects = generatorInBounds(evidence);
    return open(evidence).map(({ name, counts }) => {
      const due = counts.offered - (isSubjects ? counts.dropped : 0);
      return { of: name, value: due === 0 ? null : counts.sent / due, limit: MIN_ACHIEVED };
    });
  },
};

export const generatorDrops: Rule = {
  rule: 'generator_drops',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'arrivals that were dropped while the generator was out of bounds; in bounds they are the subject’s',
  remedy: 'see the rules about the generator that do not hold: they come first',
  findings: (evidence) => {
    const isSubjects = generatorInBounds(evidence);
    return open(evidence).map(({ name, counts }) => ({
      of: name,
      value: isSubjects ? 0 : counts.dropped,
      limit: 0,
    }));
  },
};

export const maxVus: Rule = {
  rule: 'max_vus',
  unit: 'count',
  judged: true,
  holds: 'at least',
  what: 'maxVUs, against the greatest rate x deadline, or all arrivals where they are fewer: with less, arrivals are dropped that the subject may still answer',
  remedy: 'a fault of the profile: raise maxVUs, or shorten the deadline',
  findings: ({ planned, profile }) =>
    [...planned.values()].map((scenario) => ({
      of: scenario.name,
      value: scenario.maxVUs,
      limit: mostAtOnce(scenario, sharesOf(scenario, profile.workers).length),
    })),
};

/** Arrivals that can be in flight before the first is past its deadline. */
function mostAtOnce({ course, deadlineMs, arrivals }: PlannedScenario, threads: number): number {
  const atPeak = Math.ceil((peakOf(course) * deadlineMs) / 1000 - 1e-9);
  // Each thread has a share of maxVUs, and as many of those arrivals as any other, or one more.
  return Math.min(Math.ceil(atPeak / threads) * threads, arrivals);
}

export const rateLimited: Rule = {
  rule: 'rate_limited',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'answers with status 429: the rate limit of the subject was measured, not the subject',
  remedy: 'raise the rate limit of the subject, or lower the rate',
  findings: ({ result }) =>
    Object.values(result.scenarios).map(({ name, statuses }) => ({
      of: name,
      value: statuses[429] ?? 0,
      limit: 0,
    })),
};
