/** What summary.json says of deploy loops. */
import { z } from 'zod';
import { LOOP_PHASES } from '../deploy/phases.ts';
import { LOOP_MODES, LOOP_STAGES } from '../plan/loop.ts';
import { count, ms, statistics } from './summary-fields.ts';

const handshakesIn = z.object({
  seconds: count,
  ended: count,
  failed: count,
  p99_median: ms.describe('Of the p99 of each second, the median.'),
  p99_max: ms.describe('Of the p99 of each second, the greatest.'),
});

const loopPhases = <Value extends z.ZodType>(value: Value) =>
  z.partialRecord(z.enum(LOOP_PHASES.map(({ name }) => name)), value);

const seconds = z.number().nonnegative().nullable();

const loopScenario = z.object({
  mode: z
    .enum(LOOP_MODES)
    .optional()
    .describe('enrol: each loop had a new certificate, created and bound in it.'),
  deadlines: z
    .record(z.enum([...LOOP_STAGES, 'loop']), z.number().positive())
    .describe('How long a loop might stand in each stage, and take in all, ms.'),
  drain: z
    .object({
      herd: count,
      served: count,
      first_served_s: seconds,
      half_served_s: seconds.describe('When half of the herd was served.'),
      last_served_s: seconds,
      per_minute: z.number().nonnegative().nullable().describe('From the first to the last.'),
      curve: z
        .array(z.object({ at_s: z.number().nonnegative(), served: count }))
        .optional()
        .describe('How many were served by when; the first and the last are among them.'),
    })
    .optional()
    .describe('Of a herd: how it came to be served, seconds from its start.'),
});

export const deployLoop = z
  .object({
    scenarios: z.record(z.string(), loopScenario).optional().describe('Those that made the loops.'),
    n: count,
    served: count,
    failed: count,
    failed_by_kind: z.record(z.string(), count).describe('Where they stopped.'),
    total: statistics.describe('From the intended start until a fresh handshake showed what was issued.'),
    work: statistics.describe('Phases in which a party did something.'),
    wait: statistics.describe('Phases in which a party waited for the time of another; work + wait = total.'),
    phases: loopPhases(statistics).describe('In their order, docs/deploy-loop.md.'),
    loops_a_minute: z
      .number()
      .nonnegative()
      .nullable()
      .describe('(served - 1) / (from the first that was served to the last); null for less than two.'),
    probes: count.describe('Handshakes that looked for the certificates, beside the load.'),
    probe_resolution: statistics
      .optional()
      .describe('Within how long a certificate came to be served, by the handshakes that looked for it.'),
    reload_impact: z
      .object({ with_reload: handshakesIn, without: handshakesIn })
      .nullable()
      .describe('The handshakes of others in the seconds around each reload, and in all other seconds.'),
    slowest: z.array(
      z.object({
        servername: z.string(),
        certificate: z.string(),
        renewal: z.string().nullable(),
        deployment: z.string().nullable(),
        total: z.number().nonnegative(),
        phases: loopPhases(z.number().nonnegative()),
      }),
    ),
  })
  .describe('Renewals until they are served, ms.');

export const deployClock = z
  .object({
    offset_ms: z.number().describe("certctl's clock minus the generator's, after the run."),
    round_trip_ms: z.number().nonnegative().describe('Half of it is how far the offset can be off.'),
    moved_ms: z.number().describe('That offset minus the one before the run.'),
  })
  .optional()
  .describe("The clock of certctl's rows, by which they are put between our times.");
