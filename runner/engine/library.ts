/**
 * The engine for other programs, as `certctl-bench/engine`:
 *
 *     const profile = parseProfile(await readFile('profile.yaml', 'utf8'), 'profile.yaml');
 *     const plan = makePlan(profile, { seed: 1, runId: 'mine' });
 *     const result = await run({ plan, endpoints, judge: abortJudge(profile) });
 */

export type * from '../plan/plan.ts';
export { makePlan } from '../plan/schedule.ts';
export { parseProfile } from '../profiles/parse.ts';
export type { Profile } from '../profiles/profile.ts';
export { abortJudge, evaluateThresholds } from '../result/thresholds.ts';
export { judgeValidity } from '../result/validity/judge.ts';
export type * from './contract.ts';
export type * from './health.ts';
export { run } from './run.ts';
