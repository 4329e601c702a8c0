/** The arrivals of several scenarios in the order in which they are due. */
import { intendedNs, type PlannedScenario } from './plan.ts';

/** A cursor over the merged schedule; it allocates nothing, because it is moved once for each arrival. */
export class Timeline {
  readonly #scenarios: PlannedScenario[];
  /** Index of the next arrival of each scenario. */
  readonly #next: number[];
  /** Which scenario the next arrival is of: an index into the list given. */
  scenario = 0;
  /** Intended start of the next arrival, ns since time zero; Infinity after the last. */
  dueNs = Infinity;

  constructor(scenarios: PlannedScenario[]) {
    this.#scenarios = scenarios;
    this.#next = scenarios.map(() => 0);
    this.#seek();
  }

  /** Moves on to the arrival after this one. */
  advance(): void {
    this.#next[this.scenario] = this.arrival + 1;
    this.#seek();
  }

  /** Index of the next arrival within its scenario. */
  get arrival(): number {
    return this.#next[this.scenario] ?? 0;
  }

  #seek(): void {
    this.dueNs = Infinity;
    for (let s = 0; s < this.#scenarios.length; s++) {
      const scenario = this.#scenarios[s] as PlannedScenario;
      const index = this.#next[s] as number;
      if (index >= scenario.arrivals) continue;
      const due = intendedNs(scenario, index);
      if (due < this.dueNs) {
        this.dueNs = due;
        this.scenario = s;
      }
    }
  }
}

/** How many arrivals of the scenario are due by `ns` after time zero. */
export function dueBy(scenario: PlannedScenario, ns: number): number {
  const due = Math.floor((ns - scenario.firstNs) / scenario.periodNs) + 1;
  return Math.min(Math.max(due, 0), scenario.arrivals);
}
