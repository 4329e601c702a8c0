/** From a run to its summary. Pure: the same run gives the same summary. */
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { z } from 'zod';
import type { AccountClock, DeployAccount } from '../deploy/account.ts';
import type { RunResult, ScenarioResult } from '../engine/contract.ts';
import { tlsPolicyOf } from '../plan/tls-policy.ts';
import type { ScenarioConfig } from '../profiles/executors.ts';
import { type Profile, profileSchema } from '../profiles/profile.ts';
import { scenarioKind, targetType } from '../profiles/scenario-kind.ts';
import { deployLoopSummary } from './deploy-loop.ts';
import { errorRate } from './fates.ts';
import { type FingerprintInput, fingerprint } from './fingerprint/fingerprint.ts';
import { HISTOGRAM_LOG, histogramLog, sha256 } from './histogram-log.ts';
import { k6Metrics, PHASES } from './k6-metrics.ts';
import { statistics } from './statistics.ts';
import type { ScenarioSummary, Summary, Verdict } from './summary-schema.ts';
import { evaluateThresholds, type ThresholdResult } from './thresholds.ts';
import { apiTier, connectorTier } from './tiers.ts';
import { judgeValidity, type Validity } from './validity/judge.ts';

export interface SummaryInput {
  run: Pick<Summary['run'], 'id' | 'command' | 'versions' | 'host'>;
  subject: Summary['subject'];
  environment: Summary['environment'];
  profile: Profile;
  result: RunResult;
  /** Of deploy loops; absent where there were none. */
  deploy?: DeployAccount | undefined;
  /** What the figures depend on, beside what the run itself says. */
  surroundings: Omit<FingerprintInput, 'profile' | 'result'>;
  /** What a reader must know before the figures. */
  notes?: string[];
  /** SHA-256 of the certificate that each target was given, where it is known. */
  issued?: Record<string, string>;
}

export const STAND_IN_NOTE =
  'The subject is the stand-in, not certctl: these figures say nothing about certctl and are never a baseline.';

const K6_NOTE =
  'connector_tier is response_time: from the intended start, with TCP connect and the full TLS handshake. ' +
  "k6's http_req_duration leaves both out, so these figures are higher; metrics.http_req_duration has k6's.";

export function buildSummary(input: SummaryInput): Summary {
  const { run, subject, environment, profile, result, deploy, surroundings, issued, notes = [] } = input;
  const thresholds = evaluateThresholds(profile, result);
  const validity = judgeValidity(profile, result, issued, deploy);
  const { seed, startedAt, endedAt, durationMs, interrupted, aborted } = result;
  const scenarios = Object.values(result.scenarios);
  return {
    schema: 'certctl-bench/summary/v1',
    verdict: verdict(thresholds, validity, interrupted),
    notes: subject.kind === 'stand-in' ? [STAND_IN_NOTE, ...notes] : notes,
    run: {
      id: run.id,
      seed,
      command: run.command,
      startedAt,
      endedAt,
      durationMs,
      interrupted,
      ...(aborted && { aborted }),
      versions: run.versions,
      host: run.host,
    },
    subject,
    environment,
    fingerprint: fingerprint({ ...surroundings, profile, result }),
    thresholds,
    validity,
    api_tier: apiTier(profile, result),
    connector_tier: connectorTier(profile, result),
    ...(deploy && { deploy_loop: deployLoopSummary(profile, result, deploy) }),
    ...(deploy?.clock && { deploy_clock: clockOf(deploy.clock) }),
    measured_differently_from_k6: K6_NOTE,
    metrics: k6Metrics(profile, result),
    profile: z.encode(profileSchema, profile),
    health: healthOf(result),
    scenarios: Object.fromEntries(scenarios.map((one) => [one.name, summarize(profile, one)])),
    artifacts: { [HISTOGRAM_LOG]: { sha256: sha256(histogramLog(result)) } },
  };
}

function verdict(thresholds: ThresholdResult[], validity: Validity, interrupted: boolean): Verdict {
  if (interrupted) return 'INTERRUPTED';
  if (validity.verdict === 'INVALID') return 'INVALID';
  return thresholds.every(({ ok }) => ok) ? 'PASSED' : 'BREACHED';
}

const clockOf = ({ offsetMs, tripMs, movedMs }: AccountClock) => ({
  offset_ms: offsetMs,
  round_trip_ms: tripMs,
  moved_ms: movedMs,
});

function healthOf({ health }: RunResult): Summary['health'] {
  const lanes = Object.entries(health.lanes).map(([name, { seconds, loopDelay }]) => [
    name,
    { seconds, loop_delay: statistics(loopDelay) },
  ]);
  return { ...health, lanes: Object.fromEntries(lanes) };
}

function summarize(profile: Profile, scenario: ScenarioResult): ScenarioSummary {
  const { name, counts, statuses, trends, negotiated, series, dataSent, dataReceived, errorSamples } =
    scenario;
  const kind = scenarioKind(profile, name);
  if (kind === undefined) throw new Error(`the run has a scenario "${name}" that its profile does not know`);
  return {
    kind,
    target_type: targetType(profile, name) ?? null,
    counts,
    statuses,
    error_rate: errorRate(counts),
    response_time: statistics(trends.response_time),
    service_time: statistics(trends.service_time),
    send_lag: statistics(trends.send_lag),
    phases: Object.fromEntries(
      PHASES.map((phase) => [phase, statistics(trends[phase])]),
    ) as ScenarioSummary['phases'],
    requested: requested(profile.scenarios[name]),
    negotiated,
    dataSent,
    dataReceived,
    errorSamples,
    histograms: {
      response_time: encodeIntoCompressedBase64(trends.response_time),
      service_time: encodeIntoCompressedBase64(trends.service_time),
      send_lag: encodeIntoCompressedBase64(trends.send_lag),
    },
    series,
  };
}

/** In the words of what is negotiated. */
function requested({ httpVersion, tls }: Pick<ScenarioConfig, 'httpVersion' | 'tls'> = {}) {
  const { versions, cipherSuites, groups, session } = tlsPolicyOf(tls);
  return {
    alpn: [httpVersion === 2 ? 'h2' : 'http/1.1'],
    protocol: versions.map((version) => `TLSv${version}`),
    cipher: cipherSuites,
    group: groups,
    session,
  };
}
