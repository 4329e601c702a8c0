/** A lane's watch over its own thread. */
import { readFileSync } from 'node:fs';
import type { LaneSecond } from './health.ts';
import { type Recorded, recordedOf } from './recorded.ts';
import { newHistogram, record } from './trends.ts';

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

/** What a lane tells the parent once a second. */
export interface LaneSample extends LaneSecond {
  /** Of the samples since the last one. */
  loopDelay: Recorded;
}

interface Reading {
  atNs: number;
  cpuUs: number;
  waitNs: number | null;
}

export class LaneWatch {
  readonly #post: (sample: LaneSample) => void;
  readonly #tickNs: number;
  readonly #loopDelay = newHistogram();
  #lastTickNs: number | undefined;
  #second = 0;
  #before: Reading | undefined;

  /** `tickMs`: how often `tick` is to be called by the timer that is watched. */
  constructor(tickMs: number, post: (sample: LaneSample) => void) {
    this.#tickNs = tickMs * NS_PER_MS;
    this.#post = post;
  }

  /** To be called by the timer. What is before time zero is not of the run. */
  tick(nowNs: number): void {
    if (nowNs < 0) return;
    if (this.#lastTickNs !== undefined) {
      record(this.#loopDelay, Math.max(0, nowNs - this.#lastTickNs - this.#tickNs));
    }
    this.#lastTickNs = nowNs;
    const second = Math.floor(nowNs / NS_PER_SECOND);
    if (this.#before === undefined) {
      // On a starved machine the first tick may come long after time zero.
      this.#before = read(nowNs);
      this.#second = second;
    } else if (second > this.#second) this.#tell(nowNs, second);
  }

  /** Tells what the last second had, where it is more than half of one: less says little. */
  end(nowNs: number): void {
    if (this.#before !== undefined && nowNs - this.#before.atNs > NS_PER_SECOND / 2)
      this.#tell(nowNs, this.#second + 1);
  }

  #tell(nowNs: number, next: number): void {
    const before = this.#before as Reading;
    const now = read(nowNs);
    const passedNs = now.atNs - before.atNs;
    const waitNs = now.waitNs === null || before.waitNs === null ? null : now.waitNs - before.waitNs;
    this.#post({
      second: this.#second,
      cpu: ((now.cpuUs - before.cpuUs) * 1000) / passedNs,
      cpuWait: waitNs === null ? null : waitNs / passedNs,
      loopDelay: recordedOf(this.#loopDelay),
    });
    this.#loopDelay.reset();
    this.#before = now;
    this.#second = next;
  }
}

function read(atNs: number): Reading {
  const { user, system } = process.threadCpuUsage();
  return { atNs, cpuUs: user + system, waitNs: waitedNs() };
}

/** Linux: /proc/…/schedstat is "ns on a CPU, ns waiting for one, number of turns" (Documentation/scheduler/sched-stats). */
function waitedNs(): number | null {
  try {
    return parseSchedstat(readFileSync('/proc/thread-self/schedstat', 'utf8'));
  } catch {
    return null;
  }
}

export function parseSchedstat(text: string): number | null {
  const [, wait] = /^\d+ (\d+) \d+\s*$/.exec(text) ?? [];
  return wait === undefined ? null : Number(wait);
}
