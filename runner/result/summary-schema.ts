/**
 * The contract of summary.json, `certctl-bench/summary/v1`. docs/summary.schema.json is generated from it.
 * Fields may be added within v1; none is removed or changes its meaning. Those that were added later are optional, so
 * that what reads summaries reads those of earlier versions too; each run writes them.
 */
import { z } from 'zod';
import { AGENTS } from '../../infra/agent/settings.ts';
import { contractSchema } from '../../infra/outputs.ts';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { PATHS } from '../generator/path.ts';
import { PLACEMENTS } from '../generator/placement.ts';
import { API_CALLS } from '../plan/plan.ts';
import { profileSchema } from '../profiles/profile.ts';
import { count, ms, ratio, statistics } from './summary-fields.ts';
import { deployClock, deployLoop } from './summary-loops.ts';
import { scenario } from './summary-scenario.ts';
import { RULES } from './validity/rule.ts';

const tierRow = z
  .object({ p50: ms, p95: ms, p99: ms, max: ms, avg: ms, error_rate: ratio, iterations: count.nullable() })
  .describe('Of response_time, ms; every field null where the scenario was not run.');

const threshold = z.object({
  metric: z.string(),
  expression: z.string(),
  limit: z.number(),
  unit: z.enum(['ms', 'ratio', 'count', 'per second']),
  value: z.number().nullable(),
  samples: count,
  ok: z.boolean(),
  reason: z.string().nullable(),
  aborted: z
    .object({ value: z.number(), atMs: z.number().nonnegative() })
    .optional()
    .describe(
      'Where it ended the run: its value then, and when. Then it is not ok, whatever its value at the end.',
    ),
});

const validity = z
  .object({
    verdict: z.enum(['VALID', 'INVALID']),
    rules: z.array(
      z.object({
        rule: z.enum(RULES),
        of: z.string().nullable().describe('Scenario or thread with the worst value; null: the whole run.'),
        value: z.number().nullable().describe('Null where it does not apply or cannot be read here.'),
        limit: z.number().nullable(),
        unit: z.enum(['ms', 'ratio', 'count']),
        judged: z.boolean().describe('False: reported only, or nothing to judge.'),
        ok: z.boolean(),
        what: z.string(),
        remedy: z.string().nullable(),
      }),
    ),
  })
  .describe('Whether the run says anything about its subject: each rule with value and limit.');

const share = z.number().nonnegative();

const health = z
  .object({
    lanes: z.record(
      z.string(),
      z.object({
        seconds: z
          .array(z.object({ second: count, cpu: share, cpuWait: share.nullable() }))
          .describe('Shares of a core and of the second.'),
        loop_delay: statistics.describe('How late a timer of the event loop was.'),
      }),
    ),
    deaths: z.array(z.string()),
    steal: share.nullable(),
    throttled: share.nullable(),
    awake: z
      .boolean()
      .optional()
      .describe("Whether the machine's processors were kept from sleeping (PM QoS)."),
    process: z.object({
      cpuSeconds: z.number().nonnegative(),
      rssStartBytes: count,
      rssEndBytes: count,
      rssMaxBytes: count,
    }),
  })
  .describe('What the generator saw of itself; null where the system does not tell.');

const run = z.object({
  id: z.string(),
  seed: z.int(),
  command: z.array(z.string()),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  interrupted: z.boolean(),
  aborted: z
    .object({ metric: z.string(), expression: z.string(), value: z.number(), atMs: z.number().nonnegative() })
    .optional()
    .describe('The threshold with abortOnFail that ended the run, its value then, and when.'),
  versions: z.record(z.string(), z.string()).describe('Of the bench, Node and what else took part.'),
  host: z.object({
    platform: z.string(),
    arch: z.string(),
    kernel: z.string(),
    cpuModel: z.string().nullable(),
    cpus: count,
    memoryBytes: count,
  }),
});

const fingerprint = z
  .object({
    key: z.string().describe('SHA-256 of `compared`: runs with different keys do not compare.'),
    compared: z.record(z.string(), z.unknown()).describe('What cannot be read is null.'),
    recorded: z.record(z.string(), z.unknown()).describe('Differs from run to run, and is in no key.'),
  })
  .describe('What the figures depend on, but for the version of the subject, which is what is compared.');

const environment = z.object({
  generator: z.object({
    placement: z
      .enum(PLACEMENTS)
      .describe("host: the machine of the command; engine: a container on the stack's own network."),
    path: z
      .enum(PATHS)
      .optional()
      .describe('The way from the generator to the services, as found before the load.'),
  }),
  stack: z.string().nullable().describe('Null: a server that ran already.'),
  incarnation: z.string().nullable(),
  postgres: z.object({ version: z.string().nullable() }),
  images: contractSchema.shape.images,
  settings: contractSchema.shape.settings
    .optional()
    .describe('Where the stack differs from what certctl and PostgreSQL do by themselves, and limits.'),
  agent: z
    .enum(AGENTS)
    .optional()
    .describe("What deploys: certctl's own agent, or simulated ones; absent where nothing does."),
  insecure: z.boolean().optional().describe('True: no certificate was verified (--insecure).'),
  topologyHash: z.string().nullable(),
});

const artifacts = z
  .object({ 'histograms.hlog': z.object({ sha256: z.string() }) })
  .describe('Files beside this one that its figures can be computed again from.');

export const summarySchema = z.object({
  schema: z.literal('certctl-bench/summary/v1'),
  verdict: z
    .enum(['PASSED', 'BREACHED', 'INVALID', 'INTERRUPTED'])
    .describe(
      'INVALID: the generator cannot vouch for the run; INTERRUPTED: it is partial. Neither is a pass or a breach.',
    ),
  notes: z.array(z.string()).describe('What a reader must know before the figures.'),
  run,
  subject: contractSchema.shape.subject,
  environment,
  fingerprint: fingerprint.optional(),
  thresholds: z.array(threshold),
  validity: validity.optional(),
  api_tier: z.record(z.enum(API_CALLS), tierRow),
  connector_tier: z.record(z.enum(TARGET_NAMES), tierRow),
  deploy_loop: z.partialRecord(z.enum(TARGET_NAMES), deployLoop).optional(),
  deploy_clock: deployClock,
  measured_differently_from_k6: z.string(),
  metrics: z
    .record(z.string(), z.record(z.string(), z.number().nullable()))
    .describe("k6's names and meanings, in the shape of its --summary-export."),
  profile: profileSchema.describe('As run: with defaults filled in, loadable again as a profile file.'),
  health: health.optional(),
  scenarios: z.record(z.string(), scenario),
  artifacts: artifacts.optional(),
});

/** As it is read: one of an earlier version has no row of a target that was added since. */
export const readableSummary = summarySchema.extend({
  connector_tier: z.partialRecord(z.enum(TARGET_NAMES), tierRow),
});

/** As it is written: the profile's durations are text. */
export type Summary = z.input<typeof summarySchema>;
export type Verdict = Summary['verdict'];
export type ScenarioSummary = Summary['scenarios'][string];

/** The rules of validity that make a run INVALID; none where it is not, or where nothing judged it. */
export function brokenRules({ validity }: Pick<Summary, 'validity'>) {
  return (validity?.rules ?? []).filter(({ judged, ok }) => judged && !ok);
}
