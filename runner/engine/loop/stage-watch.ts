/** How long a loop has stood where it is. */
import type { LoopStage, StageLimits } from '../../plan/loop.ts';
import { type LoopRow, stageOf } from './stage.ts';

const NS_PER_MS = 1e6;

/**
 * Knows no timers: it is told what is seen, and when, and asked now and then whether that is too long ago. Where
 * certctl takes a loop back, as with a deployment that is reported Pending, the earlier stage begins anew.
 */
export class StageWatch {
  readonly #limits: StageLimits;
  #sinceNs: number;
  #isBegun = false;
  stage: LoopStage = 'accept';

  /** @param startNs when its first request was sent */
  constructor(limits: StageLimits, startNs: number) {
    this.#limits = limits;
    this.#sinceNs = startNs;
  }

  /** The renewal was answered. */
  accepted(nowNs: number): void {
    this.stage = 'csr';
    this.#sinceNs = nowNs;
  }

  /** What certctl's rows say now. */
  seen(row: LoopRow, nowNs: number): void {
    const stage = stageOf(row);
    const isBegun = row.deployment_reported;
    // An agent does one deployment after the other: while it is at those before, nobody is at this one.
    const isQueued = stage === 'deploy' && !isBegun && row.agent_is_busy;
    if (stage !== this.stage || isBegun !== this.#isBegun || isQueued) this.#sinceNs = nowNs;
    this.stage = stage;
    this.#isBegun = isBegun;
  }

  /** How long the stage may last where it has lasted as long, ms; undefined where it has not. */
  overdue(nowNs: number): number | undefined {
    const limitMs = this.#limits[this.stage];
    return nowNs - this.#sinceNs >= limitMs * NS_PER_MS ? limitMs : undefined;
  }
}
