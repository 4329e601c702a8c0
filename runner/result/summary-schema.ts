/**
 * The contract of summary.json, `certctl-bench/summary/v1`. docs/summary.schema.json is generated from it.
 * Fields may be added within v1; none is removed or changes its meaning. Those that were added later are optional, so
 * that what reads summaries reads those of earlier versions too; each run writes them.
 */
import { z } from 'zod';
import { AGENTS } from '../../infra/agent/settings.ts';
import { contractSchema } from '../../infra/outputs.ts';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { LOOP_PHASES } from '../deploy/phases.ts';
import { ERROR_KINDS } from '../engine/contract.ts';
import { PATHS } from '../generator/path.ts';
import { PLACEMENTS } from '../generator/placement.ts';
import { LOOP_MODES, LOOP_STAGES } from '../plan/loop.ts';
import { API_CALLS, SCENARIO_KINDS } from '../plan/plan.ts';
import { SESSION_POLICIES } from '../plan/tls-policy.ts';
import { profileSchema } from '../profiles/profile.ts';
import { PHASES } from './k6-metrics.ts';
import { RULES } from './validity/rule.ts';

const count = z.int().nonnegative();
const ms = z.number().nonnegative().nullable();
const ratio = z.number().min(0).max(1).nullable();

const statistics = z
  .object({
    samples: count,
    avg: ms,
    min: ms,
    med: ms,
    max: ms,
    p50: ms,
    p90: ms,
    p95: ms,
    p99: ms,
    p999: ms,
  })
  .describe('Milliseconds; null without samples.');

const tierRow = z
  .object({ p50: ms, p95: ms, p99: ms, max: ms, avg: ms, error_rate: ratio, iterations: count.nullable() })
  .describe('Of response_time, ms; every field null where the scenario was not run.');

const counts = z
  .object({
    offered: count,
    completed: count,
    failed: count,
    failedByKind: z.partialRecord(z.enum(ERROR_KINDS), count),
    dropped: count.describe('Not sent, because maxVUs were busy.'),
    unfinished: count.describe('Sent, but not ended when gracefulStop ran out or the run was interrupted.'),
    sent: count,
  })
  .describe('offered = completed + failed + dropped + unfinished');

const seen = z.record(z.string(), count);

const seriesPoint = z.object({
  second: count,
  sent: count,
  completed: count,
  failed: count,
  failedByKind: z.partialRecord(z.enum(ERROR_KINDS), count).optional(),
  dropped: count,
  p50: ms,
  p95: ms,
  p99: ms,
  max: ms,
  sendLagP99: ms.optional(),
  sendLagMax: ms.optional(),
});

const scenario = z.object({
  kind: z.enum(SCENARIO_KINDS),
  target_type: z.enum(TARGET_NAMES).nullable(),
  counts,
  statuses: seen.optional().describe('Answers by HTTP status.'),
  error_rate: ratio.describe('(failed + unfinished) / (completed + failed + unfinished)'),
  response_time: statistics.describe('From the intended start of the plan to the end: what is judged.'),
  service_time: statistics.describe('From the actual send to the end.'),
  send_lag: statistics.describe('Actual send minus intended start.'),
  phases: z.record(z.enum(PHASES), statistics).describe("k6's phases, with k6's meaning."),
  requested: z
    .object({
      alpn: z.array(z.string()),
      protocol: z.array(z.string()),
      cipher: z.array(z.string()).nullable().describe("Null: OpenSSL's own."),
      group: z.array(z.string()),
      session: z.enum(SESSION_POLICIES),
    })
    .optional()
    .describe('What each connection offered, best first; negotiated has what the servers took of it.'),
  negotiated: z.object({
    alpn: seen,
    protocol: seen,
    cipher: seen,
    group: seen,
    keyType: seen.optional().describe('Of the served leaf certificates: algorithm and size or curve.'),
    fingerprint: seen.describe('SHA-256 of the served leaf certificates, lowercase hex.'),
    connections: count,
    sessionsOffered: count.optional().describe('Connections that offered a session to resume.'),
    sessionsReused: count,
  }),
  dataSent: count,
  dataReceived: count,
  errorSamples: z.array(z.object({ kind: z.enum(ERROR_KINDS), message: z.string() })),
  histograms: z
    .object({ response_time: z.string(), service_time: z.string(), send_lag: z.string().optional() })
    .describe('HdrHistogram V2, compressed, base64; values in microseconds.'),
  series: z.array(seriesPoint).describe('One point a second of the run.'),
});

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

const deployLoop = z
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
  deploy_clock: z
    .object({
      offset_ms: z.number().describe("certctl's clock minus the generator's, after the run."),
      round_trip_ms: z.number().nonnegative().describe('Half of it is how far the offset can be off.'),
      moved_ms: z.number().describe('That offset minus the one before the run.'),
    })
    .optional()
    .describe("The clock of certctl's rows, by which they are put between our times."),
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
