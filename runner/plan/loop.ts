/** What a deploy loop passes through, and how long it may stand in each of these stages. */

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

/**
 * How long a loop may stand in each stage, ms: as chosen, else by what the stage waits for. None is longer than the
 * deadline of the whole loop.
 *
 * @param pollMs how often agents ask for work
 */
export function stageLimits(
  chosen: ChosenLimits | undefined,
  { pollMs, deadlineMs }: { pollMs: number; deadlineMs: number },
): StageLimits {
  const polled = 2 * pollMs + SLACK_MS;
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
