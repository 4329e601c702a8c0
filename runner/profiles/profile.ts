/** A profile: a named set of scenarios and thresholds. The YAML files beside this one are profiles. */
import { z } from 'zod';
import { SCENARIO_KINDS } from '../plan/plan.ts';
import { durationMs } from './duration.ts';

const duration = z.string().transform((text, context) => {
  const ms = durationMs(text);
  if (ms === undefined) {
    context.addIssue({ code: 'custom', message: `"${text}" is not a duration such as 30s, 5m or 1h30m` });
    return z.NEVER;
  }
  return ms;
});

const positive = duration.refine((ms) => ms > 0, 'must be longer than zero');

/** k6's field names and meanings; durations are milliseconds once parsed. */
export const scenarioSchema = z.strictObject({
  executor: z.literal('constant-arrival-rate'),
  /** What one arrival does; the scenario's own name where absent. */
  exec: z.enum(SCENARIO_KINDS).optional(),
  /** Arrivals per `timeUnit`. */
  rate: z.number().positive().max(100_000),
  timeUnit: positive.default(1000),
  duration: positive,
  startTime: duration.default(0),
  maxVUs: z.int().positive().max(100_000),
  gracefulStop: duration.default(30_000),
  /** From the send of a request to its end; not k6's name: k6 calls it a request's `timeout`. */
  deadline: positive.default(30_000),
});

export const profileSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  description: z.string().default(''),
  scenarios: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), scenarioSchema),
  /** k6's: metric or submetric (`response_time{scenario:x}`) to expressions (`p(95)<2000`). */
  thresholds: z.record(z.string(), z.array(z.string()).min(1)),
});

export type ScenarioConfig = z.infer<typeof scenarioSchema>;
export type Profile = z.infer<typeof profileSchema>;
