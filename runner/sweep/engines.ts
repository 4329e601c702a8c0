/** Private engines whose clone is gone: nothing can reach them any more, and nothing else would stop them. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { startedAt } from '../liveness.ts';
import { removeRunDirectory } from '../setup/run-directory.ts';
import { unmountAt } from '../setup/unmount.ts';
import type { Leftover } from './leftover.ts';
import { allProcesses, argvOf, endProcesses } from './processes.ts';

const PATIENCE_MS = 20_000;
/** One that is just starting has no socket yet. */
const STARTING_MS = 60_000;

export function orphanedEngines(now: number): Leftover[] {
  return allProcesses().flatMap((pid) => {
    const places = privateEngine(argvOf(pid));
    const since = startedAt(pid);
    if (!places || !since || now - since.getTime() < STARTING_MS) return [];
    if (existsSync(places.data) && existsSync(places.socket)) return [];
    const why = `private engine of ${dirname(dirname(places.data))}, which is gone`;
    const remove = () => stop(pid, places);
    return [{ what: 'engine', name: `process ${pid}`, why, since, remove } satisfies Leftover];
  });
}

interface Places {
  data: string;
  socket: string;
  exec: string;
}

/** Where a private engine of the bench has its things, of its command line; undefined: it is none. */
export function privateEngine(argv: string[]): Places | undefined {
  const [program = '', ...flags] = argv;
  const after = (flag: string) => flags[flags.indexOf(flag) + 1] ?? '';
  const [data, exec, host] = ['--data-root', '--exec-root', '--host'].map(after);
  const isOurs =
    basename(program) === 'dockerd' &&
    data?.endsWith('/.bench/docker') &&
    exec?.endsWith('/exec') &&
    host === `unix://${dirname(exec)}/docker.sock`;
  return isOurs && data && exec ? { data, exec, socket: `${dirname(exec)}/docker.sock` } : undefined;
}

/** The engine, then what serves its containers and has outlived it, then its mounts and its folder. */
async function stop(pid: number, { exec, data }: Places): Promise<void> {
  await endProcesses([pid], PATIENCE_MS);
  const helpers = allProcesses().filter((one) => argvOf(one).some((word) => word.startsWith(`${exec}/`)));
  await endProcesses(helpers, PATIENCE_MS);
  // With its run directory it has lost the note that this mount is its own to undo.
  await unmountAt(data);
  await removeRunDirectory(dirname(exec));
  removeBare(dirname(data));
}

/** The folders that could not be removed with the clone while something was mounted in them. Where a file is left, all is. */
function removeBare(folder: string): void {
  const isBare = existsSync(folder) && entriesOf(folder).every((entry) => entry.isDirectory());
  if (isBare) rmSync(folder, { recursive: true });
}

const entriesOf = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true });
