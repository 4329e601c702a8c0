/** The greatest rate at which the generator keeps its pace against a target that is never the limit. */
import type { Endpoints, RunResult, ScenarioResult } from '../engine/contract.ts';
import { run } from '../engine/run.ts';
import { makePlan } from '../plan/schedule.ts';
import { parseProfile } from '../profiles/parse.ts';
import type { Profile } from '../profiles/profile.ts';
import { cpuThrottled, cpuWait, eventLoop, generatorCpu } from '../result/validity/generator-rules.ts';
import { apply } from '../result/validity/rule.ts';

/** Send lag, p99: what a run's own rule allows depends on its thresholds; this is far inside of the bundled ones. */
export const MAX_SEND_LAG_MS = 5;
const PROBE_SECONDS = 2;
/** The search ends where success and failure are no further apart. */
const BRACKET = 1.15;

export interface Probe {
  rate: number;
  sendLagP50Ms: number;
  sendLagP99Ms: number;
  /** From the send to the end of the answer. */
  serviceP50Ms: number;
  /** CPU of the whole generator for each request, us. */
  cpuUs: number;
  /** What was out of bounds; absent where nothing was. */
  limit?: string;
}

export interface Ceiling {
  /** Absent where not even the first rate was kept. */
  best?: Probe;
  /** Absent where the highest rate was kept. */
  failed?: Probe;
}

/** Doubles the rate until it is not kept, then bisects; `probe` measures one rate. */
export async function findCeiling(
  probe: (rate: number) => Promise<Probe>,
  first: number,
  highest: number,
): Promise<Ceiling> {
  let [best, failed]: [Probe | undefined, Probe | undefined] = [undefined, undefined];
  for (let rate = first; failed === undefined && rate <= highest; rate *= 2) {
    const seen = await probe(rate);
    if (seen.limit === undefined) best = seen;
    else failed = seen;
  }
  while (best && failed && failed.rate / best.rate > BRACKET) {
    const seen = await probe(Math.round(Math.sqrt(best.rate * failed.rate)));
    if (seen.limit === undefined) best = seen;
    else failed = seen;
  }
  return { ...(best && { best }), ...(failed && { failed }) };
}

export interface ProbedRun {
  rate: number;
  kind: Kind;
  profile: Profile;
  result: RunResult;
}

export type Kind = 'list_certificates' | 'nginx_handshake';

/** Loads the target for two seconds, after half a second of warm-up. */
export async function probe(kind: Kind, rate: number, endpoints: Endpoints, workers = 1): Promise<Probe> {
  const profile = parseProfile(
    JSON.stringify({
      name: 'selftest',
      workers,
      warmUp: '500ms',
      scenarios: {
        [kind]: {
          executor: 'constant-arrival-rate',
          rate,
          duration: `${PROBE_SECONDS}s`,
          maxVUs: rate,
          deadline: '1s',
          gracefulStop: '1s',
        },
      },
      thresholds: { error_rate: ['rate==0'] },
    }),
    'selftest',
  );
  const result = await run({ plan: makePlan(profile, { seed: 1, runId: 'selftest' }), endpoints });
  return judge({ rate, kind, profile, result });
}

/** What a run of any profile is held to as well. */
const RULES = [generatorCpu, eventLoop, cpuWait, cpuThrottled];

export function judge({ rate, kind, profile, result }: ProbedRun): Probe {
  const { scenarios, health } = result;
  const { counts, trends } = scenarios[kind] as ScenarioResult;
  const lag = (percent: number) => trends.send_lag.getValueAtPercentile(percent) / 1000;
  const seen = {
    rate,
    sendLagP50Ms: lag(50),
    sendLagP99Ms: lag(99),
    serviceP50Ms: trends.service_time.getValueAtPercentile(50) / 1000,
    cpuUs: (health.process.cpuSeconds * 1e6) / (counts.sent * (1 + 0.5 / PROBE_SECONDS)),
  };
  if (seen.sendLagP99Ms > MAX_SEND_LAG_MS) return { ...seen, limit: `send lag above ${MAX_SEND_LAG_MS} ms` };
  for (const rule of RULES) {
    const { ok, of, value, limit } = apply(rule, { profile, result, planned: new Map(), issued: {} });
    if (!ok)
      return {
        ...seen,
        limit: `${rule.rule} of ${of ?? 'the generator'} is ${value?.toFixed(2)}, limit ${limit}`,
      };
  }
  if (counts.completed < counts.offered) return { ...seen, limit: 'the null target did not answer in time' };
  return seen;
}
