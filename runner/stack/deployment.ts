/** What the state of a stack says of what was made. */
import type { Deployment as Exported } from '@pulumi/pulumi/automation/index.js';
import type { EngineAddress } from '../../infra/engine/address.ts';

export interface Deployment {
  /** The random value that labels all objects of the stack; undefined where `up` did not get that far. */
  incarnation: string | undefined;
  /** The engine that it stands on, where the stack itself names it. */
  engine: EngineAddress | undefined;
  /** Ids of its containers. */
  containers: string[];
  /** Those of them that end when they are done. */
  oneShots: string[];
  /** Ids of everything that it knows to be there. */
  known: string[];
  /** Names of what an operation had begun to make when it was killed. */
  halfMade: string[];
  /** True where nothing is in it. */
  isEmpty: boolean;
  /** True where an `up` came to its end and none has begun to change it since. */
  isComplete: boolean;
}

export interface Resource {
  urn: string;
  type: string;
  id?: string;
  inputs?: { host?: string; certPath?: string };
  outputs?: { stdout?: string; bench?: unknown } & Record<string, unknown>;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
}

/**
 * Id of the network, where the resource is the command that made it; undefined of every other one. Docker answers with an
 * empty line first where it has looked for the network in vain.
 */
export const networkId = ({ urn, outputs }: Resource): string | undefined =>
  urn.endsWith('::network-bridge') ? outputs?.stdout?.trim() : undefined;

export async function readDeployment(stack: { exportStack: () => Promise<Exported> }): Promise<Deployment> {
  const { deployment } = await stack.exportStack();
  const resources: Resource[] = deployment?.resources ?? [];
  const pending: { type: string; resource: Resource }[] = deployment?.pending_operations ?? [];
  const find = (test: (resource: Resource) => boolean) => resources.find(test);
  const { host, certPath = '' } = find(({ type }) => type === 'pulumi:providers:docker')?.inputs ?? {};
  const made = resources.filter(({ type }) => type !== 'pulumi:pulumi:Stack');
  const containers = resources.filter(({ type }) => type === 'docker:index/container:Container');
  return {
    incarnation: find(({ urn }) => urn.endsWith('::incarnation'))?.outputs?.stdout,
    engine: host === undefined ? undefined : { dockerHost: host, dockerCertPath: certPath },
    containers: containers.flatMap(({ id }) => id ?? []),
    oneShots: containers.filter(({ urn }) => urn.endsWith('-once')).flatMap(({ id }) => id ?? []),
    known: resources.flatMap((resource) => networkId(resource) ?? resource.id ?? []),
    halfMade: pending.flatMap(({ type, resource }) =>
      type === 'creating' ? (resource.urn.split('::').at(-1) ?? []) : [],
    ),
    isEmpty: made.length === 0,
    isComplete:
      find(({ type }) => type === 'pulumi:pulumi:Stack')?.outputs?.bench !== undefined &&
      pending.length === 0,
  };
}
