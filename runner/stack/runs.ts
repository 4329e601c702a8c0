/**
 * Run directories: all that an ephemeral stack has on this machine is in a folder of its own, so that it ends with
 * the stack: Pulumi's project, config and state, temporary files, and who uses it.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { isAlive } from '../liveness.ts';
import { benchDir, projectRoot } from '../paths.ts';
import { completeFolders, hold, makeHeld, otherHolders } from './held-folder.ts';

/** Where the run directories are. */
export const runsFolder = join(benchDir, 'runs');

const RECORD = 'run.json';

/** By the path that no link changes: what a run makes is found by it again, from another checkout as well. */
const pathOf = (name: string) => join(realpathSync(runsFolder), name);

const recordSchema = z.object({
  /** When it was made, ISO 8601. */
  created: z.string(),
  /** The engine that it stands on, as DOCKER_HOST has it. */
  engine: z.string(),
  /** The certificates for it, where it wants some. */
  certPath: z.string().optional(),
  /** Until then it stays although no process uses it, ISO 8601; absent: it lives as long as a process uses it. */
  keptUntil: z.string().optional(),
});
type RunRecord = z.infer<typeof recordSchema>;

export interface Run extends RunRecord {
  /** Name of the stack. */
  name: string;
  folder: string;
}

/** Folders of a run, by what Pulumi needs them for. */
export const runFolders = ({ folder }: Pick<Run, 'folder'>) => ({
  work: join(folder, 'work'),
  state: join(folder, 'state'),
  temporary: join(folder, 'tmp'),
});

/** What the engine's objects of a run are labelled with: the machine and the folder that say whether it lives. */
export const runLabel = (folder: string) => `${hostname()}:${folder}`;

/**
 * Makes the run directory of stack `name`; this process holds it.
 * @param config of the stack
 */
export function makeRun(name: string, engine: string, config: Record<string, string>): Run {
  mkdirSync(runsFolder, { recursive: true });
  const folder = pathOf(name);
  const certPath = config.dockerCertPath;
  const record: RunRecord = { created: new Date().toISOString(), engine, ...(certPath && { certPath }) };
  const values = Object.entries({ ...config, run: runLabel(folder) });
  makeHeld(folder, (fresh) => {
    for (const path of Object.values(runFolders({ folder: fresh }))) mkdirSync(path);
    const { work } = runFolders({ folder: fresh });
    const project = parse(readFileSync(join(projectRoot, 'Pulumi.yaml'), 'utf8'));
    const main = join(projectRoot, project.main);
    writeFileSync(join(work, 'Pulumi.yaml'), stringify({ ...project, main }));
    const prefixed = values.map(([key, value]) => [`${project.name}:${key}`, value]);
    writeFileSync(join(work, `Pulumi.${name}.yaml`), stringify({ config: Object.fromEntries(prefixed) }));
    writeRecord(fresh, record);
  });
  return { ...record, name, folder };
}

function writeRecord(folder: string, record: RunRecord): void {
  const file = join(folder, RECORD);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

/** From now on it stays for `ms` without a process that uses it. */
export function keepRun({ name, folder, ...record }: Run, ms: number): void {
  writeRecord(folder, { ...record, keptUntil: new Date(Date.now() + ms).toISOString() });
}

/** All runs of this checkout. */
export function readRuns(): Run[] {
  return completeFolders(runsFolder).flatMap((name) => readRun(name) ?? []);
}

export function readRun(name: string): Run | undefined {
  return readFrom(name, name);
}

/** @param base name of its folder */
function readFrom(base: string, name: string): Run | undefined {
  try {
    const folder = pathOf(base);
    const record = recordSchema.parse(JSON.parse(readFileSync(join(folder, RECORD), 'utf8')));
    return { ...record, name, folder };
  } catch {
    return undefined;
  }
}

const TAKEN = /^\.taken-(\d+)-(.*)$/;

/** How the folder of a run is called while this process removes it. */
export const takenName = (name: string) => `.taken-${process.pid}-${name}`;

/** Runs that a process was about to remove which has ended before it was done. */
export function readTaken(): Run[] {
  const names = existsSync(runsFolder) ? readdirSync(runsFolder) : [];
  return names.flatMap((base) => {
    const [, pid, name] = TAKEN.exec(base) ?? [];
    if (name === undefined || isAlive({ pid: Number(pid), hostname: hostname() })) return [];
    return readFrom(base, name) ?? [];
  });
}

/** From now on this process uses the run, so that it lives. */
export const useRun = ({ folder }: Run) => hold(folder);

/** What makes a folder a run goes last: what a killed one leaves is found as one that is dead. */
export function removeRun({ folder }: Run): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((one) => one !== RECORD))
    rmSync(join(folder, name), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/** Whether a run is still needed, and by whom. */
export function lifeOf({ folder, keptUntil }: Run, now: number): { life: 'live' | 'dead'; why: string } {
  const [user] = otherHolders(folder);
  if (user) return { life: 'live', why: `used by process ${user.pid}` };
  if (keptUntil === undefined) return { life: 'dead', why: 'whoever made it has ended' };
  return now < Date.parse(keptUntil)
    ? { life: 'live', why: `kept until ${keptUntil}` }
    : { life: 'dead', why: `was kept until ${keptUntil}` };
}
