/** What is in the state and no longer in the engine: removed by hand, or by an operation that was killed then, or given up. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';
import { networkId, type Resource } from './deployment.ts';

/** What an operation ends with then. Images are found out to be gone by Pulumi itself. */
const MISSING = /No such (volume|container)|network \S+ not found/i;

type Repairable = Pick<Stack, 'exportStack' | 'importStack' | 'workspace'>;

/**
 * Runs `operate`; where objects that are missing are in its way, takes them out of the state, which it says, and runs it
 * again.
 */
export async function unlessObjectsAreMissing<T>(
  stack: Repairable,
  operate: () => Promise<T>,
  say: (line: string) => void,
): Promise<T> {
  try {
    return await operate();
  } catch (error) {
    if (!MISSING.test(String((error as Error).message))) throw error;
    const names = await forgetMissing(stack);
    if (names.length === 0) throw error;
    say(`Repairing: the engine does not have ${names.join(', ')} any more`);
    return operate();
  }
}

/**
 * Takes the containers, the volumes and the network that the engine does not have out of the state, also those that are
 * only there to be deleted because another one has taken their place.
 * @returns their names
 */
export async function forgetMissing(stack: Repairable): Promise<string[]> {
  const state = await stack.exportStack();
  const resources: Resource[] = state.deployment?.resources ?? [];
  const objectId = (resource: Resource) => (isObject(resource) ? resource.id : networkId(resource));
  if (!resources.some(objectId)) return [];
  const idsOf = async (...args: string[]) =>
    (await execa('docker', args, { env: stack.workspace.envVars })).stdout.split('\n');
  const lists = await Promise.all([
    idsOf('volume', 'ls', '--quiet'),
    idsOf('network', 'ls', '--quiet', '--no-trunc'),
    idsOf('ps', '--all', '--quiet', '--no-trunc'),
  ]);
  const there = new Set(lists.flat());
  const isMissing = (resource: Resource) => {
    const id = objectId(resource);
    return id !== undefined && !there.has(id);
  };
  const [gone, kept] = [resources.filter(isMissing), resources.filter((resource) => !isMissing(resource))];
  const left = new Set(kept.map(({ urn }) => urn));
  const missing = new Set(gone.map(({ urn }) => urn));
  if (missing.size === 0) return [];
  const unknown = new Set([...missing].filter((urn) => !left.has(urn)));
  state.deployment.resources =
    unknown.size === 0 ? kept : kept.map((resource) => withoutDependencies(resource, unknown));
  await stack.importStack(state);
  return [...missing].map((urn) => urn.split('::').at(-1) ?? '');
}

const isObject = ({ type }: Resource) =>
  type === 'docker:index/volume:Volume' || type === 'docker:index/container:Container';

/** Pulumi accepts no state in which something depends on what is not in it. */
function withoutDependencies(resource: Resource, gone: ReadonlySet<string>): Resource {
  const others = (urns: string[] | null | undefined) => urns?.filter((urn) => !gone.has(urn)) ?? [];
  const { dependencies, propertyDependencies } = resource;
  return {
    ...resource,
    ...(dependencies && { dependencies: others(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [property, others(urns)]),
      ),
    }),
  };
}
