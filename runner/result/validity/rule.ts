/** A rule of validity: whether the generator was in a state to say anything about the subject. */
import type { DeployAccount } from '../../deploy/account.ts';
import type { RunResult } from '../../engine/contract.ts';
import type { PlannedScenario } from '../../plan/plan.ts';
import type { Profile } from '../../profiles/profile.ts';

export const RULES = [
  'send_lag',
  'generator_cpu',
  'event_loop',
  'cpu_wait',
  'cpu_throttled',
  'steal',
  'worker_deaths',
  'generator_exhausted',
  'arrivals_due',
  'achieved',
  'generator_drops',
  'max_vus',
  'rate_limited',
  'session_resumed',
  'session_refused',
  'certificate',
  'deploy_rows',
  'drift',
  'sample_count',
] as const;
export type RuleName = (typeof RULES)[number];

export interface RuleResult {
  rule: RuleName;
  /** The scenario or thread with the worst value; null where it is of the whole run. */
  of: string | null;
  /** Null where it does not apply or cannot be read here. */
  value: number | null;
  /** What the value may come to; null where nothing says it. */
  limit: number | null;
  unit: 'ms' | 'ratio' | 'count';
  /** Whether a value beyond the limit makes the run INVALID; the others are reported only. */
  judged: boolean;
  ok: boolean;
  /** What the value is. */
  what: string;
  /** What to do where it is beyond the limit; null where it is not. */
  remedy: string | null;
}

/** What the rules judge. */
export interface Evidence {
  profile: Profile;
  result: RunResult;
  /** Open scenarios of the plan, by name; the plan is made again from profile and seed. */
  planned: Map<string, PlannedScenario>;
  /** SHA-256 of the certificate that each target was given, lowercase hex; absent where nobody knows. */
  issued: Record<string, string>;
  /** Of deploy loops; absent where there were none. */
  deploy?: DeployAccount;
}

/** What a rule finds: of several, the one that is furthest beyond its limit counts. */
export interface Finding {
  of: string | null;
  value: number | null;
  limit: number | null;
}

export interface Rule {
  rule: RuleName;
  unit: RuleResult['unit'];
  judged: boolean;
  /** `at least`: the value must not be below the limit. */
  holds: 'at most' | 'at least';
  what: string;
  remedy: string;
  /** Where it is not so, the rule is not among the results; absent: always. */
  applies?(evidence: Evidence): boolean;
  findings(evidence: Evidence): Finding[];
}

/** Applies a rule. Without a value or a limit there is nothing to judge, and that is no breach. */
export function apply(rule: Rule, evidence: Evidence): RuleResult {
  const [first = { of: null, value: null, limit: null }, ...others] = rule.findings(evidence);
  const further = (one: Finding, other: Finding) => (excess(rule, other) > excess(rule, one) ? other : one);
  const worst = others.reduce(further, first);
  const ok = excess(rule, worst) <= 0;
  const { unit, what } = rule;
  const judged = rule.judged && worst.value !== null && worst.limit !== null;
  const of = worst.value === null ? null : worst.of;
  return { rule: rule.rule, ...worst, of, unit, judged, ok, what, remedy: ok ? null : rule.remedy };
}

/** How far the value is beyond the limit, in units of the limit; at most 0 where it is not. */
function excess({ holds }: Rule, { value, limit }: Finding): number {
  // Where nothing can be judged, a value is still better shown than none.
  if (value === null) return -Infinity;
  if (limit === null) return -Number.MAX_VALUE;
  const beyond = holds === 'at most' ? value - limit : limit - value;
  return limit === 0 ? beyond : beyond / Math.abs(limit);
}
