/** A profile: a named set of scenarios and thresholds. The YAML files beside this one are profiles. */
import { z } from 'zod';
import { CONFIG_KEYS } from '../../infra/config-keys.ts';
import { scenarioSchema } from './executors.ts';
import { duration, strict } from './fields.ts';
import { thresholdEntry } from './threshold-entry.ts';

/** Durations are milliseconds once parsed. */
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
    .record(z.string(), z.array(thresholdEntry).min(1, 'needs at least one expression'))
    .default({})
    .describe("k6's: metric or submetric (`response_time{scenario:x}`) to expressions (`p(95)<2000`, ms)."),
  overrides: z
    .array(z.string())
    .optional()
    .describe('What was set from outside of the file, as written there. Filled in by a run; does nothing.'),
  seedRows: z
    .int()
    .nonnegative()
    .max(10_000_000)
    .default(0)
    .describe(
      "How many certificates there are at least before the load; made by SQL in the stack's PostgreSQL.",
    ),
  stack: z
    .partialRecord(z.enum(CONFIG_KEYS), z.string())
    .optional()
    .describe('Config of the stack that `bench loadtest` makes for it, where -c says nothing else.'),
  workers: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe(
      'Threads that send the calls of the API, and as many that make the handshakes: for rates above those of one (`bench selftest`). Each has a share of the arrivals, and of maxVUs.',
    ),
  warmUp: duration
    .prefault('0s')
    .describe('How long the scenarios come at their mean rates before the run, without being measured.'),
});

export type Profile = z.infer<typeof profileSchema>;
