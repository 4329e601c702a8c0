/** Machines on which nobody can measure. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const GROUPS = '/sys/fs/cgroup';
const PERIOD_US = 100_000;

/** A control group (cgroups(7), v2 or v1) with a quota of so many cores; commands with the prefix run in it. */
export function starvingGroup(name: string, cores: number): { prefix: string[]; end: () => void } {
  const isV2 = existsSync(join(GROUPS, 'cgroup.controllers'));
  const group = join(isV2 ? GROUPS : join(GROUPS, 'cpu'), name);
  mkdirSync(group);
  const quota = Math.round(cores * PERIOD_US);
  if (isV2) writeFileSync(join(group, 'cpu.max'), `${quota} ${PERIOD_US}`);
  else {
    writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_US));
    writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quota));
  }
  return {
    prefix: ['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', group],
    end: () => rmdirSync(group),
  };
}

/** So many processes that do nothing as fast as they can. */
export function noisyNeighbours(number: number): { end: () => void } {
  const all: ChildProcess[] = Array.from({ length: number }, () =>
    spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }),
  );
  return { end: () => all.forEach((one) => void one.kill('SIGKILL')) };
}
