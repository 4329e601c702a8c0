/** `deploy_loop` of the summary: how long renewals take to be served, by target. */
import { TARGET_NAMES, type TargetName } from '../../infra/targets.ts';
import type { AccountedLoop, DeployAccount } from '../deploy/account.ts';
import { type EachPhase, LOOP_PHASES } from '../deploy/phases.ts';
import type { RunResult, SeriesPoint } from '../engine/contract.ts';
import { newHistogram, record } from '../engine/trends.ts';
import type { Profile } from '../profiles/profile.ts';
import { targetType } from '../profiles/scenario-kind.ts';
import { type LoopScenario, loopScenarios } from './loop-scenarios.ts';
import { servedAMinute } from './served-rate.ts';
import { type Statistics, statistics } from './statistics.ts';

const SLOWEST = 10;

/** Handshakes with the target in some seconds of the run. */
export interface HandshakesIn {
  seconds: number;
  ended: number;
  failed: number;
  /** Of the p99 of the seconds: median and greatest, ms. */
  p99_median: number | null;
  p99_max: number | null;
}

export interface SlowLoop {
  servername: string;
  certificate: string;
  renewal: string | null;
  deployment: string | null;
  total: number;
  phases: EachPhase<number>;
}

export interface DeployLoopSummary {
  /** Those that made the loops, by name. */
  scenarios: Record<string, LoopScenario>;
  n: number;
  served: number;
  failed: number;
  failed_by_kind: Record<string, number>;
  total: Statistics;
  work: Statistics;
  wait: Statistics;
  phases: EachPhase<Statistics>;
  /** From the first that was served to the last; null for less than two. */
  loops_a_minute: number | null;
  probes: number;
  /** Within how long each came to be served, by the handshakes that looked for it. */
  probe_resolution: Statistics;
  reload_impact: { with_reload: HandshakesIn; without: HandshakesIn } | null;
  slowest: SlowLoop[];
}

/** By target; those that nothing was deployed to are absent. */
export function deployLoopSummary(
  profile: Profile,
  result: RunResult,
  { loops, pollMs }: DeployAccount,
): Partial<Record<TargetName, DeployLoopSummary>> {
  const rows = TARGET_NAMES.flatMap((target) => {
    const own = loops.filter((loop) => loop.target === target);
    if (own.length === 0) return [];
    const scenarios = loopScenarios(profile, own, pollMs);
    return [[target, { scenarios, ...summarize(own, reloadImpact(target, own, profile, result)) }]];
  });
  return Object.fromEntries(rows);
}

function summarize(
  loops: AccountedLoop[],
  reload_impact: DeployLoopSummary['reload_impact'],
): Omit<DeployLoopSummary, 'scenarios'> {
  const served = loops.filter(({ failure }) => failure === null);
  const timed = loops.flatMap(({ times, ...loop }) => (times === null ? [] : [{ ...loop, times }]));
  const failed_by_kind: Record<string, number> = {};
  for (const { failure } of loops) {
    if (failure !== null) failed_by_kind[failure] = (failed_by_kind[failure] ?? 0) + 1;
  }
  const slowest = timed.toSorted((a, b) => b.times.totalMs - a.times.totalMs).slice(0, SLOWEST);
  return {
    n: loops.length,
    served: served.length,
    failed: loops.length - served.length,
    failed_by_kind,
    total: statisticsOf(served.map(({ endNs, intendedNs }) => (endNs - intendedNs) / 1e6)),
    work: statisticsOf(timed.map(({ times }) => times.workMs)),
    wait: statisticsOf(timed.map(({ times }) => times.waitMs)),
    phases: phasesOf(timed.map(({ times }) => times.phases)),
    loops_a_minute: servedAMinute(served.map(({ endNs }) => endNs / 1e9)),
    probes: loops.reduce((sum, { probes }) => sum + probes, 0),
    probe_resolution: statisticsOf(
      served.flatMap(({ resolutionNs }) => (resolutionNs === null ? [] : resolutionNs / 1e6)),
    ),
    reload_impact,
    slowest: slowest.map(({ servername, certificate, renewal, deployment, times }) => ({
      ...{ servername, certificate, renewal, deployment },
      ...{ total: times.totalMs, phases: times.phases },
    })),
  };
}

/** Those of new certificates only where there were some. */
function phasesOf(loops: EachPhase<number>[]): EachPhase<Statistics> {
  const rows = LOOP_PHASES.flatMap(({ name, ...phase }) => {
    const times = loops.flatMap(({ [name]: ms }) => ms ?? []);
    return 'only' in phase && times.length === 0 ? [] : [[name, statisticsOf(times)]];
  });
  return Object.fromEntries(rows);
}

/**
 * What the reloads cost the clients that came meanwhile: the handshakes with the target in the seconds around each
 * reload, beside all other seconds of the run. Null where the run had no handshakes with it.
 */
function reloadImpact(
  target: TargetName,
  loops: AccountedLoop[],
  profile: Profile,
  result: RunResult,
): DeployLoopSummary['reload_impact'] {
  const points = Object.values(result.scenarios)
    .filter(({ name }) => targetType(profile, name) === target)
    .flatMap(({ series }) => series);
  if (points.length === 0) return null;
  const around = new Set(loops.flatMap((loop) => secondsAround(loop.reloadedNs)));
  const [with_reload, without] = [true, false].map((is) =>
    handshakesIn(points.filter(({ second }) => around.has(second) === is)),
  );
  return { with_reload, without } as { with_reload: HandshakesIn; without: HandshakesIn };
}

/**
 * Those that have a part of the second before or after the reload. It was known when its certificate was seen, and began
 * before; a handshake that it held up is counted in the second in which that ended.
 */
function secondsAround(reloadedNs: number | null): number[] {
  if (reloadedNs === null) return [];
  const second = Math.floor(reloadedNs / 1e9);
  return [second - 1, second, second + 1];
}

function handshakesIn(points: SeriesPoint[]): HandshakesIn {
  const p99s = points.flatMap(({ p99 }) => p99 ?? []).sort((a, b) => a - b);
  return {
    seconds: points.length,
    ended: points.reduce((sum, { completed, failed }) => sum + completed + failed, 0),
    failed: points.reduce((sum, { failed }) => sum + failed, 0),
    p99_median: p99s[Math.floor((p99s.length - 1) / 2)] ?? null,
    p99_max: p99s.at(-1) ?? null,
  };
}

function statisticsOf(times: number[]): Statistics {
  const histogram = newHistogram();
  for (const ms of times) record(histogram, ms * 1e6);
  return statistics(histogram);
}
