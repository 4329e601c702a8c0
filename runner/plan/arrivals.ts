/** The times of a scenario's arrivals, one after the other. */
import { areaOfRamp, timeOfArea } from './course.ts';
import type { PlannedScenario } from './plan.ts';
import { exponential, randomStream } from './random.ts';

/**
 * A cursor. Every thread that needs the times has its own and computes the same ones: nothing is stored, so memory is
 * flat in rate and duration. It allocates nothing, because it is moved once for each arrival.
 *
 * Both spacings are laid out at a rate of one and then bent by the course of the rate: arrival n is due when the
 * integral of the rate has come to phase + n (even), or to a sum of n + 1 exponential numbers of mean one (a Poisson
 * process; time-rescaling theorem, e.g. Daley & Vere-Jones, An Introduction to the Theory of Point Processes, 7.4).
 * Absolute: lateness never shifts it, and rounding errors do not add up.
 */
export class Arrivals {
  readonly #scenario: PlannedScenario;
  readonly #random: () => number;
  /** Which ramp of the course the next arrival is in, when that starts, and the integral until then. */
  #ramp = 0;
  #rampStartNs: number;
  #rampStartArea = 0;
  /** Integral of the rate at the next arrival. */
  #area = 0;
  /** Number of the next arrival within its scenario, from 0. */
  index = 0;
  /** How many came before it, of the share. */
  passed = 0;
  /** Intended start of the next arrival, ns since time zero; Infinity after the last. */
  dueNs = Infinity;

  constructor(scenario: PlannedScenario) {
    const { spacing } = scenario;
    this.#scenario = scenario;
    this.#rampStartNs = scenario.startNs;
    this.#random = spacing.type === 'poisson' ? randomStream(spacing.seed, spacing.stream) : () => 0;
    if (spacing.type === 'closed') return;
    this.#area = spacing.type === 'even' ? spacing.phase : exponential(this.#random);
    this.#place();
    while (!this.#isOurs) this.#next();
  }

  /** Moves on to the arrival after this one. */
  advance(): void {
    do this.#next();
    while (!this.#isOurs);
    this.passed++;
  }

  get #isOurs(): boolean {
    const { share, arrivals } = this.#scenario;
    return share === undefined || this.index % share.of === share.index || this.index >= arrivals;
  }

  #next(): void {
    const { spacing } = this.#scenario;
    this.index++;
    this.#area =
      spacing.type === 'even' ? spacing.phase + this.index : this.#area + exponential(this.#random);
    this.#place();
  }

  #place(): void {
    const { spacing, course, arrivals, startNs, endNs } = this.#scenario;
    if (this.index >= arrivals) {
      this.dueNs = Infinity;
      return;
    }
    if (spacing.type === 'herd') {
      this.dueNs = startNs;
      return;
    }
    for (;;) {
      const ramp = course[this.#ramp];
      if (ramp === undefined) {
        // The last arrival of all, and a rounding error.
        this.dueNs = endNs;
        return;
      }
      const area = areaOfRamp(ramp);
      if (this.#area - this.#rampStartArea <= area && area > 0) {
        this.dueNs = this.#rampStartNs + timeOfArea(ramp, this.#area - this.#rampStartArea);
        return;
      }
      this.#ramp++;
      this.#rampStartNs += ramp.durationNs;
      this.#rampStartArea += area;
    }
  }
}

/** How many arrivals of the scenario are due by `ns` after time zero. */
export function dueBy(scenario: PlannedScenario, ns: number): number {
  const arrivals = new Arrivals(scenario);
  while (arrivals.dueNs <= ns && arrivals.dueNs < Infinity) arrivals.advance();
  return arrivals.passed;
}
