/** What a command leaves behind: in the engine and in the checkout. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LABEL_STACK } from '../../../infra/labels.ts';
import { benchDir, projectRoot } from '../../../runner/paths.ts';
import type { Engine } from '../../../runner/setup/engine.ts';
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
  for (const name of temporary) objects.set(`temporary ${name}`, '');
  return objects;
}

/** What was not there before and is not another stack's, and files of the stack in the checkout. */
export async function leftovers(engine: Engine, before: Snapshot, stack: string): Promise<string[]> {
  const fresh = [...(await snapshot(engine))]
    .filter(([name, owner]) => !before.has(name) && (owner === '' || owner === stack))
    .map(([name]) => name);
  return [...fresh, ...stackFiles(stack)];
}

/** Its config, and its state where the backend is the embedded one. */
export function stackFiles(stack: string): string[] {
  const config = join(projectRoot, `Pulumi.${stack}.yaml`);
  const state = join(benchDir, 'state');
  const states = existsSync(state)
    ? readdirSync(state, { recursive: true, encoding: 'utf8' }).map((name) => join(state, name))
    : [];
  return [config, ...states].filter(
    (path) => path.includes(stack) && existsSync(path) && statSync(path).isFile(),
  );
}
