/** What a deploy loop does, the stages that it passes through, and how long it may stand in each. */
import type { Executor } from './executor.ts';

/** `renew`: the certificate that the site has. `enrol`: a new one is created and bound to the site before. */
export const LOOP_MODES = ['renew', 'enrol'] as const;
export type LoopMode = (typeof LOOP_MODES)[number];

/** In their order; each ends with what it is called after. */
export const LOOP_STAGES = ['accept', 'csr', 'sign', 'claim', 'deploy', 'serve'] as const;
export type LoopStage = (typeof LOOP_STAGES)[number];

/** Of each stage, ms. */
export type StageLimits = Record<LoopStage, number>;

/** Those that a profile names. */
export type ChosenLimits = Partial<Record<LoopStage, number | undefined>>;

/** What certctl does at once, and what it does with a CSR: as any request. */
const ANSWER_MS = 30_000;
/** Beside two polls of an agent, of which the first may just have missed it: its other jobs, and a busy machine. */
const SLACK_MS = 10_000;
/** Of one deployment: files, validation, reload. */
const DEPLOY_MS = 30_000;
/** From the report of the deployment: servers reload on their own time. */
const SERVE_MS = 15_000;

interface LimitsOf {
  /** How often agents ask for work. */
  pollMs: number;
  /** Of the whole loop. */
  deadlineMs: number;
  executor: Executor;
}

/**
 * How long a loop may stand in each stage, ms: as chosen, else by what the stage waits for. None is longer than the
 * deadline of the whole loop. In a herd what waits for an agent waits for what the agent does for all others, and has
 * that deadline only.
 */
export function stageLimits(
  chosen: ChosenLimits | undefined,
  { pollMs, deadlineMs, executor }: LimitsOf,
): StageLimits {
  const polled = executor === 'herd' ? deadlineMs : 2 * pollMs + SLACK_MS;
  const usual: StageLimits = {
    accept: ANSWER_MS,
    csr: polled,
    sign: ANSWER_MS,
    claim: polled,
    deploy: DEPLOY_MS,
    serve: SERVE_MS,
  };
  const limits = LOOP_STAGES.map((stage) => [stage, Math.min(chosen?.[stage] ?? usual[stage], deadlineMs)]);
  return Object.fromEntries(limits) as StageLimits;
}
