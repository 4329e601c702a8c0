/** The parent's account of its lanes' health. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { type LaneHealth, newLoopDelay } from './health.ts';
import type { LaneSample } from './lane-watch.ts';

export class HealthAggregate {
  readonly #lanes: Record<string, LaneHealth> = {};

  add(lane: string, { loopDelay, ...second }: LaneSample): void {
    this.#lanes[lane] ??= { seconds: [], loopDelay: newLoopDelay() };
    const health = this.#lanes[lane];
    health.seconds.push(second);
    health.loopDelay.add(decodeFromCompressedBase64(loopDelay, 32));
  }

  result(): Record<string, LaneHealth> {
    return this.#lanes;
  }
}
