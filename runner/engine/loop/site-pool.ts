/** The sites of one target that no loop is on: never are two loops on one site at once. */
import type { Site } from '../contract.ts';

export class SitePool {
  readonly #free: Site[];

  constructor(sites: readonly Site[]) {
    this.#free = [...sites];
  }

  get isEmpty(): boolean {
    return this.#free.length === 0;
  }

  /** The one that has been free for the longest time. */
  take(): Site | undefined {
    return this.#free.shift();
  }

  /**
   * For the next loop. A site whose loop failed is not given back, unless certctl refused it: what is left of it in
   * certctl would be taken for the next one's.
   */
  give(site: Site): void {
    this.#free.push(site);
  }
}
