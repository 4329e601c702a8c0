/** Whether the process that holds something still runs. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/** A process, as it stands in a lock: Pulumi's own locks have the same names for number and machine. */
export const holderSchema = z.object({
  pid: z.int().positive(),
  hostname: z.string(),
  /** When it was started (see `startOf`); without it a number that was given again is not seen. */
  start: z.string().optional(),
});
export type Holder = z.infer<typeof holderSchema>;

export function thisProcess(): Holder {
  const start = startOf(process.pid);
  return { pid: process.pid, hostname: hostname(), ...(start !== undefined && { start }) };
}

/** True unless it is certain that the process has ended: of another machine nobody here can tell. */
export function isAlive({ pid, hostname: machine, start }: Holder): boolean {
  if (machine !== hostname()) return true;
  if (!exists(pid)) return false;
  const now = startOf(pid);
  return start === undefined || now === undefined || now === start;
}

/** A process that has ended and that its parent has not asked about yet is none. */
function exists(pid: number): boolean {
  if (stateOf(pid)?.state === 'Z') return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The boot of the machine, and clock ticks from it to the process' start: unlike a time of day no clock moves it. */
function startOf(pid: number): string | undefined {
  const ticks = stateOf(pid)?.ticks;
  return ticks && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
}

/** Linux counts it in hundredths of a second, whatever the kernel's own tick is (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** When the process was started, by the clock as it stands now; undefined where that cannot be known. */
export function startedAt(pid: number): Date | undefined {
  const ticks = stateOf(pid)?.ticks;
  if (ticks === undefined) return undefined;
  const [, boot] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
  return new Date((Number(boot) + Number(ticks) / TICKS_PER_SECOND) * 1000);
}

/** Of proc_pid_stat(5), fields 3 and 22; undefined where there is no such process, or no Linux. */
function stateOf(pid: number): { state: string | undefined; ticks: string | undefined } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in parentheses, may hold spaces and parentheses itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], ticks: fields[19] };
  } catch {
    return undefined;
  }
}
