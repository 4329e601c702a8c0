/** A profile: a named set of scenarios and thresholds. The YAML files beside this one are profiles. */
import { z } from 'zod';
import { SCENARIO_KINDS } from '../plan/plan.ts';
import { DURATION_PATTERN, durationMs, formatDuration } from './duration.ts';

const ALLOWED_DURATION = 'must be a duration such as 300ms, 30s, 5m or 1h30m';
const durationText = z.string({ error: ALLOWED_DURATION }).meta({ pattern: DURATION_PATTERN });

/** Text in the file, milliseconds in the program; a codec, so that a profile can be written out again. */
const duration = z.codec(durationText, z.number(), {
  decode: (text, context) => {
    const ms = durationMs(text);
    if (ms !== undefined) return ms;
    context.issues.push({ code: 'custom', message: ALLOWED_DURATION, input: text });
    return z.NEVER;
  },
  encode: formatDuration,
});

const positive = duration.refine((ms) => ms > 0, 'must be longer than zero');

/** An object that names its allowed keys where it meets another one. */
function strict<Shape extends z.core.$ZodShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `unknown key; allowed: ${allowed}` : undefined),
  });
}

/** k6's field names and meanings; durations are milliseconds once parsed. */
export const scenarioSchema = strict({
  executor: z.literal('constant-arrival-rate').describe('Open model: arrivals never wait for answers.'),
  exec: z
    .enum(SCENARIO_KINDS)
    .optional()
    .describe("What one arrival does; the scenario's own name where absent."),
  rate: z.number().positive().max(100_000).describe('Arrivals per timeUnit.'),
  timeUnit: positive.prefault('1s').describe('Period that `rate` counts in.'),
  duration: positive.describe('How long arrivals come.'),
  startTime: duration.prefault('0s').describe('When its arrivals begin, from the start of the run.'),
  maxVUs: z
    .int()
    .positive()
    .max(100_000)
    .describe('Arrivals in flight at once; one more is dropped and counted. At least rate x deadline.'),
  gracefulStop: duration.prefault('30s').describe('How long what is in flight at the end may still take.'),
  deadline: positive
    .prefault('30s')
    .describe("From the send of a request to its end; k6 calls it a request's timeout."),
});

export const profileSchema = strict({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens'),
  description: z.string().default(''),
  scenarios: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/, 'a scenario name is lower-case letters, digits and underscores'),
      scenarioSchema,
    )
    .refine((scenarios) => Object.keys(scenarios).length > 0, 'needs at least one scenario')
    .meta({ minProperties: 1 }),
  thresholds: z
    .record(z.string(), z.array(z.string()).min(1, 'needs at least one expression'))
    .default({})
    .describe("k6's: metric or submetric (`response_time{scenario:x}`) to expressions (`p(95)<2000`, ms)."),
});

export type ScenarioConfig = z.infer<typeof scenarioSchema>;
export type Profile = z.infer<typeof profileSchema>;
