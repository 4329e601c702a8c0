/** The stacks that are known here, and how each of them is. */
import type { LocalWorkspace } from '@pulumi/pulumi/automation/index.js';
import type { EngineAddress } from '../../infra/engine/address.ts';
import { engineAt } from '../setup/use-engine.ts';
import type { Deployment } from './deployment.ts';
import { readDeployment } from './deployment.ts';
import { type StackContainer, stackContainers } from './engine-objects.ts';
import { explain } from './failure.ts';

export interface StackEntry {
  name: string;
  kind: 'persistent' | 'ephemeral';
  /** Address of the engine; null where none answers. */
  engine: string | null;
  /** `partial`: some of it is missing or has ended; `unknown`: its engine does not answer, or its state cannot be read. */
  state: 'up' | 'down' | 'partial' | 'unknown';
  /** When its oldest container was made, in ISO 8601. */
  since: string | null;
  /** `dead`: whoever worked on it has ended without finishing. */
  life: 'live' | 'dead';
  /** Why it is alive or dead. */
  why: string;
}

/** A stack, where it is kept, and what is known of who works on it. */
export interface Known extends Pick<StackEntry, 'name' | 'kind' | 'life' | 'why'> {
  workspace: LocalWorkspace;
}

/** @param engine the one that a stack stands on which does not name one itself; undefined: none answers */
export async function listStacks(known: Known[], engine: string | undefined): Promise<StackEntry[]> {
  const containersOf = onceEach((address: EngineAddress) => stackContainers(address).catch(() => undefined));
  const found = engine === undefined ? undefined : engineAt(engine);
  const entries = known.map(async ({ workspace, ...entry }): Promise<StackEntry> => {
    let deployment: Deployment;
    try {
      deployment = await readDeployment({ exportStack: () => workspace.exportStack(entry.name) });
    } catch (error) {
      const why = `${entry.why}; its state cannot be read: ${reasonOf(error)}`;
      return { ...entry, engine: null, state: 'unknown', since: null, why };
    }
    const address = deployment.engine ?? found;
    const all = address && (await containersOf(address));
    const { incarnation } = deployment;
    const own = all?.filter((container) => container.incarnation === incarnation);
    const oldest = own?.map(({ created }) => created.getTime()).sort((a, b) => a - b)[0];
    return {
      ...entry,
      engine: address?.dockerHost ?? null,
      state: stateOf(deployment, own),
      since: oldest === undefined ? null : new Date(oldest).toISOString(),
    };
  });
  return (await Promise.all(entries)).toSorted((a, b) => a.name.localeCompare(b.name));
}

const reasonOf = (error: unknown) => (explain(error) as Error).message.trim().split('\n')[0];

/** @param found containers of the stack in its engine; undefined: it does not answer */
function stateOf(
  { containers, oneShots, isEmpty, isComplete }: Deployment,
  found: StackContainer[] | undefined,
): StackEntry['state'] {
  if (isEmpty && (found ?? []).length === 0) return 'down';
  if (found === undefined) return 'unknown';
  const sound = new Set(found.filter((one) => isSound(one, oneShots)).map(({ id }) => id));
  return isComplete && containers.length > 0 && containers.every((id) => sound.has(id)) ? 'up' : 'partial';
}

/** It runs, or it is one that ends when it is done. */
function isSound({ id, status }: StackContainer, oneShots: string[]): boolean {
  if (status.startsWith('Up ')) return !status.includes('(unhealthy)');
  return oneShots.includes(id) && status.startsWith('Exited (0)');
}

/** `ask`, but only once for the same question. */
function onceEach<Q, A>(ask: (question: Q) => Promise<A>): (question: Q) => Promise<A> {
  const answers = new Map<string, Promise<A>>();
  return (question) => {
    const key = JSON.stringify(question);
    const answer = answers.get(key) ?? ask(question);
    answers.set(key, answer);
    return answer;
  };
}
