/** Folders that processes hold: what is in one may go once none of its holders lives any more. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Holder, holderSchema, isAlive, thisProcess } from '../liveness.ts';

const HOLDERS = 'holders';
/** How a folder is called while it is filled: whoever looks at the others does not see it half made. */
const NEW = /^\.new-(\d+)-/;

/** What this process holds. */
const held = new Set<string>();
process.once('exit', () => {
  for (const folder of held) release(folder);
});

/**
 * Makes a folder that this process holds.
 * @param fill puts in what has to be there from the first moment
 */
export function makeHeld(folder: string, fill: (folder: string) => void = () => {}): void {
  const fresh = join(dirname(folder), `.new-${process.pid}-${basename(folder)}`);
  mkdirSync(join(fresh, HOLDERS), { recursive: true, mode: 0o700 });
  fill(fresh);
  writeHolder(fresh);
  renameSync(fresh, folder);
  held.add(folder);
}

/** From now on this process holds the folder as well, until it ends. */
export function hold(folder: string): void {
  writeHolder(folder);
  held.add(folder);
}

const holderFile = (folder: string, pid: number) => join(folder, HOLDERS, `${pid}.json`);

function writeHolder(folder: string): void {
  const me = thisProcess();
  writeFileSync(holderFile(folder, me.pid), JSON.stringify(me));
}

function release(folder: string): void {
  rmSync(holderFile(folder, process.pid), { force: true });
}

/** The processes that hold the folder and are alive, other than this one. */
export function otherHolders(folder: string): Holder[] {
  let names: string[];
  try {
    names = readdirSync(join(folder, HOLDERS));
  } catch {
    return [];
  }
  const holders = names.flatMap((name) => readHolder(join(folder, HOLDERS, name)));
  return holders.filter((holder) => isAlive(holder) && holder.pid !== process.pid);
}

function readHolder(file: string): Holder[] {
  try {
    return [holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))];
  } catch {
    // Released meanwhile, or its writer was killed while it wrote.
    return [];
  }
}

/** True where somebody once held the folder and nobody does any more. */
export const isUnheld = (folder: string): boolean =>
  existsSync(join(folder, HOLDERS)) && !isMine(folder) && otherHolders(folder).length === 0;

const isMine = (folder: string) => existsSync(holderFile(folder, process.pid));

/** Names of the folders in `parent` that are complete. */
export function completeFolders(parent: string): string[] {
  try {
    const entries = readdirSync(parent, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Names of the folders in `parent` whose maker has ended before they were complete. */
export function abandonedFolders(parent: string): string[] {
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    return [];
  }
  const { hostname } = thisProcess();
  return names.filter((name) => {
    const pid = Number(NEW.exec(name)?.[1] ?? 0);
    return pid > 0 && !isAlive({ pid, hostname });
  });
}
