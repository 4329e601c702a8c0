/** What the bench writes to: its folders, and the room on their disk. */
import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { benchDir, resultsDir } from '../paths.ts';
import { missingParts } from '../setup/pulumi.ts';
import { embeddedState } from '../stack/backend.ts';
import type { Check, Finding } from './finding.ts';

const GIB = 2 ** 30;
/** Containers, state and results of a run. */
const ROOM_FOR_RUNS = 1 * GIB;
/** Go's build cache and the Debian image on top, at the most. */
const ROOM_FOR_SETUP = 5 * GIB;

export const stateDirectory: Check = async () => writable('state directory', embeddedState);
export const resultsDirectory: Check = async () => writable('results directory', resultsDir);

export const diskSpace: Check = async () => {
  const { bavail, bsize } = await statfs(existing(benchDir));
  const free = bavail * bsize;
  const needed = missingParts().length > 0 ? ROOM_FOR_SETUP : ROOM_FOR_RUNS;
  const enough = free >= needed;
  return {
    what: 'disk space',
    state: enough ? 'found' : 'missing',
    version: `${gib(free)} free`,
    from: enough ? benchDir : `${gib(free)} free at ${benchDir}, ${gib(needed)} needed`,
    ...(!enough && { remedy: 'free some: "docker system df" and "go clean -cache" help' }),
  };
};

/** A folder that is not there yet can be made where the one above it can be written. */
function writable(what: string, folder: string): Finding {
  const asked = existing(folder);
  try {
    accessSync(asked, constants.W_OK);
    return { what, state: 'found', from: folder };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EROFS' ? 'is on a read-only file system' : 'cannot be written';
    return { what, state: 'missing', from: `${asked} ${why}`, remedy: 'make it writable for this user' };
  }
}

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;
