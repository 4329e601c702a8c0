/** Files and folders that no process holds any more: temporary ones, half made ones, locks, drafts of results. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { resultsDir } from '../paths.ts';
import { embeddedState } from '../stack/backend.ts';
import { abandonedFolders } from '../stack/held-folder.ts';
import { leftoverLocks } from '../stack/locks.ts';
import { runsFolder } from '../stack/runs.ts';
import { leftoverTemporary, temporaryRoot } from '../stack/temporary.ts';
import type { Leftover } from './leftover.ts';

/** A draft is renamed within seconds; one that is older than this was left. */
const DRAFT_AGE_MS = 60_000;

export function leftoverFolders(now: number): Leftover[] {
  const abandoned = [runsFolder, temporaryRoot].flatMap((parent) =>
    abandonedFolders(parent).map((name) => join(parent, name)),
  );
  const ended = 'whoever made it has ended';
  return [
    ...[...leftoverTemporary(), ...abandoned].flatMap((path) => leftover('folder', path, ended)),
    ...drafts(now).flatMap((path) => leftover('folder', path, 'results that were never finished')),
    ...leftoverLocks(embeddedState).flatMap(({ file, stack, holder }) =>
      leftover('lock', file, `of stack ${stack} by process ${holder.pid}, which has ended`),
    ),
  ];
}

/** As result/write.ts names what is not complete yet. */
function drafts(now: number): string[] {
  let names: string[];
  try {
    names = readdirSync(resultsDir);
  } catch {
    return [];
  }
  const paths = names.filter((name) => /^\.(tmp|probe)-/.test(name)).map((name) => join(resultsDir, name));
  return paths.filter((path) => now - (changed(path)?.getTime() ?? now) > DRAFT_AGE_MS);
}

function leftover(what: Leftover['what'], path: string, why: string): Leftover[] {
  const since = changed(path);
  // It has gone meanwhile.
  if (since === undefined) return [];
  const remove = async () => rmSync(path, { recursive: true, force: true });
  return [{ what, name: path, why, since, remove }];
}

const changed = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtime;
