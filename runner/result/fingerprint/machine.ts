/** What can be known of the machine that the generator runs on. What cannot be read is null, never a guess. */

import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem, uptime } from 'node:os';

/** What decides how fast it is: machines that differ in one of these do not compare. */
export interface Machine {
  cpuModel: string | null;
  /** Logical processors. */
  cpus: number;
  /** Whole GiB: what the kernel keeps for itself differs from boot to boot. */
  memoryGiB: number;
  /** Of the frequency of the first processor. */
  governor: string | null;
  platform: string;
  kernel: string;
  arch: string;
  /** Vendor and product as the firmware names them, or what the CPU's flags give away; null on bare metal. */
  hypervisor: string | null;
  /** Kind of CI runner and its system, as GitHub's runners tell; null elsewhere. */
  runner: string | null;
  /** Of the generator's own control group; null: unlimited, or not known. */
  limits: { cpus: number | null; memoryBytes: number | null };
}

/** What differs from run to run on one machine. */
export interface Moment {
  bootId: string | null;
  uptimeSeconds: number;
  /** Of 1, 5 and 15 minutes; null on Windows, which has none. */
  loadAverage: number[] | null;
  /** Build of the CI runner's image, a new one each week; null elsewhere. */
  runnerImage: string | null;
}

/** Text of a file; undefined where it cannot be read. */
export type ReadText = (path: string) => string | undefined;

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export function machine(read: ReadText = readText, env: NodeJS.ProcessEnv = process.env): Machine {
  const processors = cpus();
  return {
    cpuModel: processors[0]?.model.trim() || null,
    cpus: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    governor: line(read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor')),
    platform: platform(),
    kernel: release(),
    arch: arch(),
    hypervisor: hypervisor(read),
    runner: runner(env),
    limits: cgroupLimits(read),
  };
}

export function moment(read: ReadText = readText, env: NodeJS.ProcessEnv = process.env): Moment {
  const loads = loadavg();
  return {
    bootId: line(read('/proc/sys/kernel/random/boot_id')),
    uptimeSeconds: Math.round(uptime()),
    loadAverage: platform() === 'win32' ? null : loads,
    runnerImage: env.ImageVersion || null,
  };
}

/** The firmware's name of it; on a virtual CPU without one at least that; null where nothing says it is virtual. */
export function hypervisor(read: ReadText): string | null {
  const isVirtual = /^flags\s*:.*\bhypervisor\b/m.test(read('/proc/cpuinfo') ?? '');
  const xen = line(read('/sys/hypervisor/type'));
  if (!isVirtual && xen === null) return null;
  const names = ['sys_vendor', 'product_name'].map((name) => line(read(`/sys/class/dmi/id/${name}`)));
  return names.filter((name) => name !== null).join(' ') || xen || 'unnamed';
}

/** `github-hosted ubuntu24`, of the variables that GitHub's runners set. */
export function runner({ RUNNER_ENVIRONMENT, ImageOS }: NodeJS.ProcessEnv): string | null {
  return [RUNNER_ENVIRONMENT, ImageOS].filter(Boolean).join(' ') || null;
}

/** cgroup v2's cpu.max and memory.max, else v1's (cgroups(7)); of the process's own group, else of the root's. */
export function cgroupLimits(read: ReadText): Machine['limits'] {
  const groups = read('/proc/self/cgroup') ?? '';
  const v2 = /^0::(\/.*)$/m.exec(groups)?.[1] ?? '/';
  const v1 = (controller: string) =>
    new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(/.*)$`, 'm').exec(groups)?.[1] ?? '/';
  const first = (...paths: string[]) =>
    paths.map((path) => line(read(path.replace('//', '/')))).find((text) => text !== null) ?? null;
  const max = first(`/sys/fs/cgroup${v2}/cpu.max`, '/sys/fs/cgroup/cpu.max');
  const quota = first(`/sys/fs/cgroup/cpu${v1('cpu')}/cpu.cfs_quota_us`);
  const period = first(`/sys/fs/cgroup/cpu${v1('cpu')}/cpu.cfs_period_us`);
  const memory = first(
    `/sys/fs/cgroup${v2}/memory.max`,
    '/sys/fs/cgroup/memory.max',
    `/sys/fs/cgroup/memory${v1('memory')}/memory.limit_in_bytes`,
  );
  return {
    cpus: share(max?.split(' ') ?? [quota, period]),
    memoryBytes: limitOf(memory),
  };
}

function share([quota = null, period = null]: (string | null)[]): number | null {
  const [part, whole] = [limitOf(quota), limitOf(period)];
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

/** "max", -1 and cgroup v1's nearly 2^63 all say that there is none. */
function limitOf(text: string | null): number | null {
  if (text === null || !/^\d+$/.test(text)) return null;
  const value = Number(text);
  return value >= 2 ** 62 ? null : value;
}

function line(text: string | undefined): string | null {
  return text?.split('\n', 1)[0]?.trim() || null;
}
