/** Volumes and the network that are in the state and no longer in the engine: removed by hand, or by a `down` that was killed then. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';
import { networkId, type Resource } from './deployment.ts';

/** What an operation ends with then; of every other kind of object Pulumi finds out by itself that it is gone. */
const MISSING = /No such volume|network \S+ not found/i;

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
 * Takes the volumes and the network that the engine does not have out of the state.
 * @returns their names
 */
export async function forgetMissing(stack: Repairable): Promise<string[]> {
  const state = await stack.exportStack();
  const resources: Resource[] = state.deployment?.resources ?? [];
  const objectId = (resource: Resource) =>
    resource.type === 'docker:index/volume:Volume' ? resource.id : networkId(resource);
  if (!resources.some(objectId)) return [];
  const idsOf = async (kind: string) => {
    const args = [kind, 'ls', '--quiet', ...(kind === 'network' ? ['--no-trunc'] : [])];
    const { stdout } = await execa('docker', args, { env: stack.workspace.envVars });
    return stdout.split('\n');
  };
  const there = new Set((await Promise.all([idsOf('volume'), idsOf('network')])).flat());
  const missing = new Set(
    resources
      .filter((resource) => {
        const id = objectId(resource);
        return id !== undefined && !there.has(id);
      })
      .map(({ urn }) => urn),
  );
  if (missing.size === 0) return [];
  state.deployment.resources = resources
    .filter(({ urn }) => !missing.has(urn))
    .map((resource) => withoutDependencies(resource, missing));
  await stack.importStack(state);
  return [...missing].map((urn) => urn.split('::').at(-1) ?? '');
}

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
