/** Where the time of a command went, by part. */
export class Stopwatch {
  readonly #parts: [name: string, ms: number][] = [];
  readonly #started = performance.now();

  /** Times `work` under `name`, also when it fails. */
  async time<T>(name: string, work: Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work;
    } finally {
      this.#parts.push([name, performance.now() - started]);
    }
  }

  /** One line: each part in seconds, and the whole. */
  summary(): string {
    const parts = this.#parts.map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`);
    return `${parts.join(', ')}; in all ${((performance.now() - this.#started) / 1000).toFixed(1)} s`;
  }
}
