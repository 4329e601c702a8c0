/** A lane's arrivals, each with who sees to it that it is sent in time: the pacer, or the lane itself. */
import type { PlannedScenario } from '../plan/plan.ts';
import { Timeline } from '../plan/timeline.ts';

/** What a wake-up takes: the pacer wakes by so much ahead of the time. */
export const AHEAD_NS = 200_000;
/**
 * But only for an arrival that has been alone for so long: the lane spins for what remains, which is to cost no more
 * than a fifteenth of a core.
 */
const ALONE_NS = 3_000_000;
/** One wake-up in so long on average, two in a row excepted, so that two scenarios may be close together. */
const GAP_NS = 1_000_000;
/** How long after the last one the lane's own timer takes what has come due. */
export const OWN_TIMER_MS = 1;

/**
 * Pacer and lane each have one and come to the same, because it depends on the plan alone. An arrival has a wake-up of
 * its own (`isWoken`) unless there would be too many: then the lane's timer serves it, and all after it, until there
 * is a gap. One that is not woken follows another within GAP, so the lane, which has just sent that one, knows of it.
 */
export class PacedTimeline extends Timeline {
  #previousNs = -Infinity;
  /** Until when the wake-ups so far have used up their share of one in GAP. */
  #spentNs = -Infinity;
  #sinceNs = Infinity;
  isWoken = true;

  constructor(scenarios: PlannedScenario[]) {
    super(scenarios);
    this.#judge();
  }

  /** When the pacer is to wake for an arrival that `isWoken`. */
  get wakeNs(): number {
    return this.#sinceNs >= ALONE_NS ? this.dueNs - AHEAD_NS : this.dueNs;
  }

  override advance(): void {
    this.#previousNs = this.dueNs;
    super.advance();
    this.#judge();
  }

  #judge(): void {
    this.#sinceNs = this.dueNs - this.#previousNs;
    const isClose = this.#sinceNs < GAP_NS;
    const isWithinShare = this.#spentNs - GAP_NS <= this.dueNs;
    this.isWoken = !isClose || (this.isWoken && isWithinShare);
    if (this.isWoken) this.#spentNs = Math.max(this.#spentNs, this.dueNs) + GAP_NS;
  }
}
