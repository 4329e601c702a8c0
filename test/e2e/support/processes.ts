/** The machine's processes, by what Linux tells of them below /proc. */
import { readdirSync, readFileSync } from 'node:fs';

function* processes(): Generator<string> {
  for (const entry of readdirSync('/proc')) if (/^\d+$/.test(entry)) yield entry;
}

/** Empty where the process has gone or is another user's. */
function read(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

const commandLine = (pid: string) => read(pid, 'cmdline').replaceAll('\0', ' ').trim();

/** Command lines of the processes that have `NAME=value` in their environment: children inherit it, orphans keep it. */
export function processesWith(variable: string): string[] {
  return [...processes()]
    .filter((pid) => read(pid, 'environ').split('\0').includes(variable))
    .map((pid) => `${pid} ${commandLine(pid)}`);
}

/** Collects every command line that is seen until `stop`. */
export function watchCommandLines(): { stop: () => string[] } {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of processes()) seen.add(commandLine(pid));
  };
  look();
  const timer = setInterval(look, 100);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen];
    },
  };
}
