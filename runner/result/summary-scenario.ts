/** What summary.json says of one scenario. */
import { z } from 'zod';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { ERROR_KINDS } from '../engine/contract.ts';
import { SCENARIO_KINDS } from '../plan/plan.ts';
import { SESSION_POLICIES } from '../plan/tls-policy.ts';
import { PHASES } from './k6-metrics.ts';
import { count, ms, ratio, statistics } from './summary-fields.ts';

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

export const scenario = z.object({
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
