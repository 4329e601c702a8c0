/** The closed model: so many virtual users, each of which sends again as soon as its answer has come. */
import { valueAt } from '../plan/course.ts';
import type { PlannedScenario } from '../plan/plan.ts';
import type { Driver } from './driver.ts';

/**
 * Starts requests of a closed scenario. There is no plan that an arrival could be late for: its intended start is its
 * send, so its response time is its service time, and a stall of the subject delays what would have come.
 */
export class VirtualUsers {
  readonly #planned: PlannedScenario;
  readonly #driver: Driver;
  #next = 0;
  #stopped = false;

  constructor(planned: PlannedScenario, driver: Driver) {
    this.#planned = planned;
    this.#driver = driver;
  }

  /**
   * To be called when a request has ended, and now and then: sends for every VU that is there and free. Where the client
   * can send nothing, as where no site is free for a deploy loop, VUs wait: there is no arrival that could be dropped.
   */
  fill(nowNs: number): void {
    const { course, startNs } = this.#planned;
    if (this.#stopped) return;
    const free = Math.round(valueAt(course, nowNs - startNs)) - this.#driver.inFlight;
    for (let n = 0; n < free && !this.#driver.isBusy; n++) this.#driver.release(this.#next++, nowNs);
  }

  /** True when no more will be sent. */
  isOver(nowNs: number): boolean {
    return this.#stopped || nowNs >= this.#planned.endNs;
  }

  stop(): void {
    this.#stopped = true;
  }
}
