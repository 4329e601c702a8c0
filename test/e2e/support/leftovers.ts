/** What a command leaves behind: in the engine and in the checkout. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LABEL_STACK } from '../../../infra/labels.ts';
import { benchDir, projectRoot } from '../../../runner/paths.ts';
import type { Engine } from '../../../runner/setup/engine.ts';
import { otherHolders } from '../../../runner/stack/held-folder.ts';
import { runsFolder } from '../../../runner/stack/runs.ts';
import { temporaryRoot } from '../../../runner/stack/temporary.ts';
import { docker } from './engine.ts';

/** What is there, and the stack that it says it belongs to. */
export type Snapshot = Map<string, string>;

const LISTS = [
  ['container', '{{.ID}}', 'ps', '--all'],
  ['network', '{{.ID}}', 'network', 'ls'],
  ['volume', '{{.Name}}', 'volume', 'ls'],
] as const;

export async function snapshot(engine: Engine): Promise<Snapshot> {
  const objects = new Map<string, string>();
  for (const [kind, id, ...list] of LISTS) {
    const lines = await docker(engine, ...list, '--format', `${id}\t{{.Label "${LABEL_STACK}"}}`);
    for (const line of lines) {
      const [name = '', stack = ''] = line.split('\t');
      objects.set(`${kind} ${name}`, stack);
    }
  }
  const temporary = existsSync(temporaryRoot) ? readdirSync(temporaryRoot) : [];
  // Others may be at work here.
  const left = temporary.filter((name) => otherHolders(join(temporaryRoot, name)).length === 0);
  for (const name of left) objects.set(`temporary ${name}`, '');
  return objects;
}

/** What was not there before and is not another stack's, and files of the stack in the checkout. */
export async function leftovers(engine: Engine, before: Snapshot, stack: string): Promise<string[]> {
  const fresh = [...(await snapshot(engine))]
    .filter(([name, owner]) => !before.has(name) && (owner === '' || owner === stack))
    .map(([name]) => name);
  return [...fresh, ...stackFiles(stack)];
}

/** Its config, its state where the backend is the embedded one, and its run directory. */
export function stackFiles(stack: string): string[] {
  const config = join(projectRoot, `Pulumi.${stack}.yaml`);
  const below = (folder: string) =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
      : [];
  return [config, ...below(join(benchDir, 'state')), ...below(runsFolder)].filter(
    (path) => path.includes(stack) && existsSync(path) && statSync(path).isFile(),
  );
}
