/** The arrivals of several scenarios in the order in which they are due. */
import { Arrivals } from './arrivals.ts';
import type { PlannedScenario } from './plan.ts';

/** A cursor over the merged schedule; it allocates nothing, because it is moved once for each arrival. */
export class Timeline {
  readonly #arrivals: Arrivals[];
  /** Which scenario the next arrival is of: an index into the list given. */
  scenario = 0;
  /** Intended start of the next arrival, ns since time zero; Infinity after the last. */
  dueNs = Infinity;

  constructor(scenarios: PlannedScenario[]) {
    this.#arrivals = scenarios.map((scenario) => new Arrivals(scenario));
    this.#seek();
  }

  /** Moves on to the arrival after this one. */
  advance(): void {
    this.#arrivals[this.scenario]?.advance();
    this.#seek();
  }

  /** Index of the next arrival within its scenario. */
  get arrival(): number {
    return this.#arrivals[this.scenario]?.index ?? 0;
  }

  #seek(): void {
    this.dueNs = Infinity;
    for (let s = 0; s < this.#arrivals.length; s++) {
      const { dueNs } = this.#arrivals[s] as Arrivals;
      if (dueNs < this.dueNs) {
        this.dueNs = dueNs;
        this.scenario = s;
      }
    }
  }
}
