/** CPU time of a whole process, from outside. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of utime and stime (proc(5)); a hundredth of a second on all Linux that Node runs on. */
const TICK_S = 0.01;

/** User and system time of all threads of the process until now, s. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name, in parentheses, and may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime] = [Number(fields[11]), Number(fields[12])];
  return (utime + stime) * TICK_S;
}

/** CPU seconds that the process uses in a second, from now on for so long. */
export async function cpuShare(pid: number, ms: number): Promise<number> {
  const [cpu, at] = [cpuSeconds(pid), performance.now()];
  await sleep(ms);
  return (cpuSeconds(pid) - cpu) / ((performance.now() - at) / 1000);
}
