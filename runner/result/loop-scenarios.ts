/** The scenarios that made the deploy loops to one target: what each was told to do. */
import type { AccountedLoop } from '../deploy/account.ts';
import { type LoopMode, type StageLimits, stageLimits } from '../plan/loop.ts';
import type { Profile } from '../profiles/profile.ts';
import { servedAMinute } from './served-rate.ts';

const NS_PER_SECOND = 1e9;
/** As fine as a curve can be drawn, whatever the size of the herd. */
const CURVE_POINTS = 200;

/** How a herd came to be served: seconds from its start; null where none was. */
export interface Drain {
  /** How many there were, dropped ones among them. */
  herd: number;
  served: number;
  first_served_s: number | null;
  half_served_s: number | null;
  last_served_s: number | null;
  /** Served a minute from the first to the last; null for less than two. */
  per_minute: number | null;
  /** How many were served by when, in at most CURVE_POINTS steps; the first and the last are among them. */
  curve?: { at_s: number; served: number }[];
}

export interface LoopScenario {
  mode: LoopMode;
  /** How long a loop may stand in each stage, and take in all, ms. */
  deadlines: StageLimits & { loop: number };
  /** Of a herd. */
  drain?: Drain;
}

/** By name; `loops` are those to one target. */
export function loopScenarios(
  profile: Profile,
  loops: readonly AccountedLoop[],
  pollMs: number,
): Record<string, LoopScenario> {
  const names = [...new Set(loops.map(({ scenario }) => scenario))];
  const rows = names.flatMap((name) => {
    const config = profile.scenarios[name];
    if (config === undefined) return [];
    const { mode = 'renew', executor, deadline: deadlineMs, deadlines } = config;
    const limits = stageLimits(deadlines, { pollMs, deadlineMs, executor });
    const own = loops.filter(({ scenario }) => scenario === name);
    return [
      [
        name,
        {
          mode,
          deadlines: { ...limits, loop: deadlineMs },
          ...(config.executor === 'herd' && { drain: drainOf(own, config.iterations) }),
        },
      ] as const,
    ];
  });
  return Object.fromEntries(rows);
}

function drainOf(loops: readonly AccountedLoop[], herd: number): Drain {
  const served = loops
    .filter(({ failure }) => failure === null)
    .map(({ endNs, intendedNs }) => (endNs - intendedNs) / NS_PER_SECOND)
    .sort((a, b) => a - b);
  const [first = null, last = null] = [served[0], served.at(-1)];
  return {
    herd,
    served: served.length,
    first_served_s: first,
    half_served_s: served[Math.ceil(herd / 2) - 1] ?? null,
    last_served_s: last,
    per_minute: servedAMinute(served),
    curve: curveOf(served),
  };
}

function curveOf(served: readonly number[]): { at_s: number; served: number }[] {
  const step = Math.max(1, (served.length - 1) / (CURVE_POINTS - 1));
  return Array.from({ length: Math.min(served.length, CURVE_POINTS) }, (_, point) => {
    const index = Math.round(point * step);
    return { at_s: served[index] ?? 0, served: index + 1 };
  });
}
