/** Volumes that are in the state and no longer in the engine: removed by hand, or by a `down` that was killed then. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';

/** What the refresh of such a volume ends with; of every other kind of object Pulumi finds out that it is gone. */
const MISSING = /No such volume/i;

type Repairable = Pick<Stack, 'exportStack' | 'importStack' | 'workspace'>;

interface Resource {
  urn: string;
  type: string;
  id?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
}

/**
 * Runs `operate`; where volumes that are missing are in its way, takes them out of the state and runs it again.
 */
export async function unlessVolumesAreMissing<T>(stack: Repairable, operate: () => Promise<T>): Promise<T> {
  try {
    return await operate();
  } catch (error) {
    if (!MISSING.test(String((error as Error).message)) || !(await forgetMissingVolumes(stack))) throw error;
    return operate();
  }
}

/** @returns false where none is missing */
async function forgetMissingVolumes(stack: Repairable): Promise<boolean> {
  const { stdout } = await execa('docker', ['volume', 'ls', '--quiet'], { env: stack.workspace.envVars });
  const there = new Set(stdout.split('\n'));
  const state = await stack.exportStack();
  const resources: Resource[] = state.deployment?.resources ?? [];
  const missing = new Set(
    resources
      .filter(({ type, id }) => type === 'docker:index/volume:Volume' && id !== undefined && !there.has(id))
      .map(({ urn }) => urn),
  );
  if (missing.size === 0) return false;
  state.deployment.resources = resources
    .filter(({ urn }) => !missing.has(urn))
    .map((resource) => withoutDependencies(resource, missing));
  await stack.importStack(state);
  return true;
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
