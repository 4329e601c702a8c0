/** The scenarios that made the deploy loops to one target: what each was told to do. */
import type { AccountedLoop } from '../deploy/account.ts';
import { type StageLimits, stageLimits } from '../plan/loop.ts';
import type { Profile } from '../profiles/profile.ts';

export interface LoopScenario {
  /** How long a loop may stand in each stage, and take in all, ms. */
  deadlines: StageLimits & { loop: number };
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
    const { deadline: deadlineMs, deadlines } = config;
    const limits = stageLimits(deadlines, { pollMs, deadlineMs });
    return [[name, { deadlines: { ...limits, loop: deadlineMs } }] as const];
  });
  return Object.fromEntries(rows);
}
