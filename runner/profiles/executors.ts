/** The scenarios of a profile: an executor each, with k6's field names and meanings. */
import { z } from 'zod';
import { SCENARIO_KINDS } from '../plan/plan.ts';
import { connection } from './connection.ts';
import { deadline, duration, positive, strict } from './fields.ts';
import { loop } from './loop.ts';

const rate = z.number().positive().max(100_000).describe('Arrivals per timeUnit.');
const vus = z.int().positive().max(100_000);
const howLong = positive.describe('How long arrivals come.');

const exec = {
  exec: z
    .enum(SCENARIO_KINDS)
    .optional()
    .describe("What one arrival does; the scenario's own name where absent."),
};
const times = {
  startTime: duration.prefault('0s').describe('When its arrivals begin, from the start of the run.'),
  gracefulStop: duration.prefault('30s').describe('How long what is in flight at the end may still take.'),
  deadline,
};
const timeUnit = { timeUnit: positive.prefault('1s').describe('Period that the rate counts in.') };
const maxVUs = {
  maxVUs: vus.describe(
    'Arrivals in flight at once; one more is dropped and counted. At least rate x deadline.',
  ),
};

/** What every executor has: all that can be checked where the executor is unknown. */
export const commonFields = { ...exec, ...times, ...connection, ...loop };

/** Stages of which the last may be of any length, but not all of none. */
function stages<Target extends z.ZodType<number>>(target: Target) {
  return z
    .array(strict({ duration, target }))
    .min(1, 'needs at least one stage')
    .refine((all) => all.some((stage) => stage.duration > 0), 'must be longer than zero together');
}

const constantArrivalRate = strict({
  executor: z.literal('constant-arrival-rate').describe('Open model, evenly spaced.'),
  ...exec,
  rate,
  ...timeUnit,
  duration: howLong,
  ...times,
  ...connection,
  ...loop,
  ...maxVUs,
});

const poissonArrivalRate = strict({
  executor: z.literal('poisson-arrival-rate').describe('Open model; arrivals are random and independent.'),
  ...exec,
  rate: rate.describe('Arrivals per timeUnit, on average.'),
  ...timeUnit,
  duration: howLong,
  ...times,
  ...connection,
  ...loop,
  ...maxVUs,
});

const rampingArrivalRate = strict({
  executor: z
    .literal('ramping-arrival-rate')
    .describe('Open model; the rate changes linearly in each stage.'),
  ...exec,
  startRate: z.number().nonnegative().max(100_000).default(0).describe('Arrivals per timeUnit at its start.'),
  ...timeUnit,
  stages: stages(z.number().nonnegative().max(100_000).describe('Arrivals per timeUnit at its end.')),
  arrivals: z
    .enum(['constant', 'poisson'])
    .default('constant')
    .describe('Evenly spaced within the course of the rate, or at random.'),
  ...times,
  ...connection,
  ...loop,
  ...maxVUs,
});

const herd = strict({
  executor: z.literal('herd').describe('Open model; all arrivals at once, as of a cohort.'),
  ...exec,
  iterations: vus.describe('How many arrivals.'),
  ...times,
  ...connection,
  ...loop,
});

const CLOSED = 'Closed model, for comparison only: a slow subject is asked less.';

const constantVus = strict({
  executor: z.literal('constant-vus').describe(CLOSED),
  ...exec,
  vus: vus.describe('Each sends again as soon as its answer has come.'),
  duration: howLong,
  ...times,
  ...connection,
  ...loop,
});

const rampingVus = strict({
  executor: z.literal('ramping-vus').describe(CLOSED),
  ...exec,
  startVUs: z.int().nonnegative().max(100_000).default(1).describe('VUs at its start.'),
  stages: stages(z.int().nonnegative().max(100_000).describe('VUs at its end.')),
  ...times,
  ...connection,
  ...loop,
});

const EXECUTORS = [
  constantArrivalRate,
  poissonArrivalRate,
  rampingArrivalRate,
  herd,
  constantVus,
  rampingVus,
] as const;

export const scenarioSchema = z.discriminatedUnion('executor', EXECUTORS);

/** The fields of all executors. */
export const SCENARIO_FIELDS = [...new Set(EXECUTORS.flatMap(({ shape }) => Object.keys(shape)))];

export type ScenarioConfig = z.infer<typeof scenarioSchema>;
