/** The parent's account of its lanes' health. */
import type { LaneHealth } from './health.ts';
import type { LaneSample } from './lane-watch.ts';
import { addRecorded } from './recorded.ts';
import { newHistogram } from './trends.ts';

export class HealthAggregate {
  readonly #lanes: Record<string, LaneHealth> = {};

  add(lane: string, { loopDelay, ...second }: LaneSample): void {
    this.#lanes[lane] ??= { seconds: [], loopDelay: newHistogram() };
    const health = this.#lanes[lane];
    health.seconds.push(second);
    addRecorded(health.loopDelay, loopDelay);
  }

  result(): Record<string, LaneHealth> {
    return this.#lanes;
  }
}
