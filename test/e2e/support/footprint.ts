/**
 * What runs and listens on this machine for this checkout: its commands, its private engine and what serves that one's
 * containers. Without the group of processes that asks, which is the test runner's; a command has one of its own.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot, runDir } from '../../../runner/paths.ts';
import { allProcesses, argvOf } from '../../../runner/sweep/processes.ts';

/** How long what is just ending may take. */
const PATIENCE_MS = 2000;

/** Lines such as `process dockerd --host …` and `port 32768 of dockerd`. */
export function footprint(): Set<string> {
  const own = groupOf(process.pid);
  const lines = allProcesses()
    .filter((pid) => isOurs(pid) && groupOf(pid) !== own)
    .flatMap((pid) => {
      const argv = argvOf(pid);
      return [`process ${argv.join(' ')}`, ...portsOf(pid).map((port) => `port ${port} of ${argv[0]}`)];
    });
  return new Set(lines);
}

/** What is there now and was not before, and stays. */
export async function footprintsSince(before: ReadonlySet<string>): Promise<string[]> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const fresh = [...footprint()].filter((line) => !before.has(line));
    if (fresh.length === 0 || Date.now() > until) return fresh;
    await sleep(50);
  }
}

function isOurs(pid: number): boolean {
  const places = [projectRoot, join(runDir(), '/')];
  const named = [linkOf(`/proc/${pid}/cwd`), ...argvOf(pid)];
  return named.some((text) => places.some((place) => `${text}/`.includes(place)));
}

/** Of proc_pid_stat(5), the third field after the program's name, which may hold spaces and parentheses. */
function groupOf(pid: number): string | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[2];
}

/** TCP ports at which the process listens. */
function portsOf(pid: number): number[] {
  const sockets = new Set(filesOf(pid));
  const rows = ['tcp', 'tcp6'].flatMap((table) => textOf(`/proc/${pid}/net/${table}`).split('\n').slice(1));
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/);
    const listens = state === '0A' && sockets.has(`socket:[${inode}]`);
    return listens ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : [];
  });
}

const filesOf = (pid: number) =>
  unlessGone(() => readdirSync(`/proc/${pid}/fd`), []).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
const linkOf = (path: string) => unlessGone(() => readlinkSync(path), '');
const textOf = (path: string) => unlessGone(() => readFileSync(path, 'utf8'), '');

/** The process may have ended meanwhile. */
function unlessGone<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
