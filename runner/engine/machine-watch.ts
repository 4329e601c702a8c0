/** The parent's watch over the machine and its own process, from the start of a run to its end. */
import { readFileSync } from 'node:fs';
import type { Health } from './health.ts';

const EVERY_MS = 1000;

/** Jiffies of all processors together, since boot. */
export interface CpuTimes {
  total: number;
  steal: number;
}

/** How often a CPU quota was looked at, and how often it stopped the process. */
export interface Throttling {
  periods: number;
  throttled: number;
}

export type MachineHealth = Pick<Health, 'steal' | 'throttled' | 'process'>;

export class MachineWatch {
  readonly #cpu = cpuTimes();
  readonly #throttling = throttling();
  readonly #usage = process.cpuUsage();
  readonly #rssStartBytes = process.memoryUsage.rss();
  #rssBytes = this.#rssStartBytes;
  #rssMaxBytes = this.#rssStartBytes;
  readonly #timer = setInterval(() => this.#look(), EVERY_MS);

  end(): MachineHealth {
    clearInterval(this.#timer);
    this.#look();
    const { user, system } = process.cpuUsage(this.#usage);
    return {
      steal: stealBetween(this.#cpu, cpuTimes()),
      throttled: throttledBetween(this.#throttling, throttling()),
      process: {
        cpuSeconds: (user + system) / 1e6,
        rssStartBytes: this.#rssStartBytes,
        rssEndBytes: this.#rssBytes,
        rssMaxBytes: this.#rssMaxBytes,
      },
    };
  }

  /** Leaves no timer behind. */
  dispose(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    try {
      this.#rssBytes = process.memoryUsage.rss();
    } catch {
      // It takes a file, and the process may have no more: what was seen last holds, and the run goes on.
    }
    this.#rssMaxBytes = Math.max(this.#rssMaxBytes, this.#rssBytes);
  }
}

export function stealBetween(before: CpuTimes | null, after: CpuTimes | null): number | null {
  if (before === null || after === null || after.total <= before.total) return null;
  return (after.steal - before.steal) / (after.total - before.total);
}

export function throttledBetween(before: Throttling | null, after: Throttling | null): number | null {
  if (before === null || after === null || after.periods <= before.periods) return null;
  return (after.throttled - before.throttled) / (after.periods - before.periods);
}

/**
 * The first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal guest guest_nice, of which
 * guest times are in user and nice as well.
 */
export function parseCpuTimes(stat: string): CpuTimes | null {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.trim().split(/ +/).map(Number);
  if (fields === undefined || fields.length < 8 || fields.some(Number.isNaN)) return null;
  return { total: fields.slice(0, 8).reduce((sum, time) => sum + time, 0), steal: fields[7] as number };
}

/** cgroup's cpu.stat; null where there is no quota, which has no periods. */
export function parseThrottling(cpuStat: string): Throttling | null {
  const field = (name: string) => new RegExp(`^${name} (\\d+)$`, 'm').exec(cpuStat)?.[1];
  const [periods, throttled] = [field('nr_periods'), field('nr_throttled')];
  return periods === undefined || throttled === undefined
    ? null
    : { periods: Number(periods), throttled: Number(throttled) };
}

function cpuTimes(): CpuTimes | null {
  const text = readText('/proc/stat');
  return text === undefined ? null : parseCpuTimes(text);
}

function throttling(): Throttling | null {
  const text = cpuStatFiles(readText('/proc/self/cgroup') ?? '')
    .map(readText)
    .find((content) => content !== undefined);
  return text === undefined ? null : parseThrottling(text);
}

/** Where cpu.stat of this process may be, best first: cgroup v2, then v1 (cgroups(7)). */
export function cpuStatFiles(selfCgroup: string): string[] {
  const v2 = /^0::(\/.*)$/m.exec(selfCgroup)?.[1];
  const v1 = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/m.exec(selfCgroup)?.[1];
  return [
    ...(v1 === undefined ? [] : [`/sys/fs/cgroup/cpu${v1}/cpu.stat`, '/sys/fs/cgroup/cpu/cpu.stat']),
    ...(v2 === undefined ? [] : [`/sys/fs/cgroup${v2}/cpu.stat`, '/sys/fs/cgroup/cpu.stat']),
  ];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
