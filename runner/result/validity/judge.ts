/** Whether a run says anything about its subject. */
import type { DeployAccount } from '../../deploy/account.ts';
import type { RunResult } from '../../engine/contract.ts';
import { isClosed } from '../../plan/executor.ts';
import { makePlan } from '../../plan/schedule.ts';
import type { Profile } from '../../profiles/profile.ts';
import { deployRows } from './deploy-rules.ts';
import {
  cpuThrottled,
  cpuWait,
  eventLoop,
  generatorCpu,
  generatorExhausted,
  sendLag,
  steal,
  workerDeaths,
} from './generator-rules.ts';
import { achieved, arrivalsDue, generatorDrops, maxVus, rateLimited } from './load-rules.ts';
import { drift, sampleCount } from './reported-rules.ts';
import { apply, type Rule, type RuleResult } from './rule.ts';
import { certificate, sessionRefused, sessionResumed } from './tls-rules.ts';

export interface Validity {
  verdict: 'VALID' | 'INVALID';
  rules: RuleResult[];
}

/** In the order in which they are shown. */
const ALL: Rule[] = [
  sendLag,
  generatorCpu,
  eventLoop,
  cpuWait,
  cpuThrottled,
  steal,
  workerDeaths,
  generatorExhausted,
  arrivalsDue,
  achieved,
  generatorDrops,
  maxVus,
  rateLimited,
  sessionResumed,
  sessionRefused,
  certificate,
  deployRows,
  drift,
  sampleCount,
];

/**
 * INVALID where a rule that judges does not hold: then the figures are neither a pass nor a breach. A slow subject
 * breaches thresholds and leaves a run valid.
 *
 * @param deploy the account of its deploy loops, where it had some
 * @param issued SHA-256 of the certificate that each target was given, where it is known
 */
export function judgeValidity(
  profile: Profile,
  result: RunResult,
  issued: Record<string, string> = {},
  deploy?: DeployAccount,
): Validity {
  const plan = makePlan(profile, { seed: result.seed, runId: '' });
  const open = plan.scenarios.filter(({ executor }) => !isClosed(executor));
  const planned = new Map(open.map((scenario) => [scenario.name, scenario]));
  const evidence = { profile, result, planned, issued, ...(deploy && { deploy }) };
  const rules = ALL.filter(({ applies }) => applies?.(evidence) ?? true).map((rule) => apply(rule, evidence));
  return { verdict: rules.every(({ judged, ok }) => ok || !judged) ? 'VALID' : 'INVALID', rules };
}
