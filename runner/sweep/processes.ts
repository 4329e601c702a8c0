/** Processes of this machine, as Linux shows them below /proc; elsewhere there are none to be seen. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, thisProcess } from '../liveness.ts';

export function allProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Empty where the process has ended or is another user's. */
function read(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

export const argvOf = (pid: number): string[] => read(pid, 'cmdline').slice(0, -1);

/** The processes, without this one, that have `NAME=value` in their environment: orphans keep it. */
export const processesWith = (variable: string): number[] =>
  allProcesses().filter((pid) => pid !== process.pid && read(pid, 'environ').includes(variable));

/**
 * Ends processes: asks them first, and does not ask after `patienceMs`.
 * @throws Error where one of them does not end even so.
 */
export async function endProcesses(pids: number[], patienceMs: number): Promise<void> {
  const { hostname } = thisProcess();
  let left = pids;
  for (const [signal, ms] of [
    ['SIGTERM', patienceMs],
    ['SIGKILL', 5000],
  ] as const) {
    for (const pid of left) send(pid, signal);
    const end = Date.now() + ms;
    for (;;) {
      left = left.filter((pid) => isAlive({ pid, hostname }));
      if (left.length === 0) return;
      if (Date.now() > end) break;
      await sleep(50);
    }
  }
  throw new Error(`process ${left.join(', ')} does not end`);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
