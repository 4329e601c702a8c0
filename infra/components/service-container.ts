/** One container of the stack: everything that all of them have in common stands here. */
import { isIPv6 } from 'node:net';
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { ServiceImage } from '../images.ts';
import { LABEL_SERVICE } from '../labels.ts';
import type { Limit } from '../settings/limits.ts';
import { labels, type StackContext } from '../stack-context.ts';
import { type ContainerFile, uploadsOf } from '../uploads.ts';

/** Port of the plain-HTTP health listener that all fixtures have, so that checks are in no access log. */
export const HEALTH_PORT = 8081;

/** The same on every image: wget is in Alpine's BusyBox and in the Debian image. */
export const PLAIN_HEALTH_TEST = [
  'CMD',
  'wget',
  '-q',
  '-O',
  '/dev/null',
  `http://127.0.0.1:${HEALTH_PORT}/healthz`,
];

export interface ServiceContainerArgs {
  image: ServiceImage;
  network: pulumi.Input<string>;
  /** Name by which others on the network find it. */
  alias: string;
  /** Program and arguments; empty: what the image runs by itself. */
  command: string[];
  envs?: pulumi.Input<string>[];
  /** What is copied in before the start, by its path in the container. */
  files?: Record<string, ContainerFile>;
  /** Named volumes by mount point. */
  volumes?: Record<string, { volume: pulumi.Input<string>; readOnly: boolean }>;
  /**
   * Ports inside the container. Each is published at the bind address, at a port that the engine chooses; the first
   * at the one that config `ports` names for this alias.
   */
  ports?: number[];
  /** Docker health check, as argv; undefined: the image's own. */
  healthTest: string[] | undefined;
  stopSignal?: string;
  destroyGraceSeconds?: number;
  user?: string;
  /** Container whose process namespace it shares. */
  processesOf?: pulumi.Input<string>;
}

/** A long-running container. It is named by the engine, labelled, and replaced (not repaired) when it failed to start. */
export function serviceContainer(
  name: string,
  context: StackContext,
  args: ServiceContainerArgs,
  options: pulumi.CustomResourceOptions,
): docker.Container {
  const external = context.config.ports[args.alias];
  const fixed = external !== undefined && { external };
  return new docker.Container(
    name,
    {
      image: args.image.id,
      labels: [...labels(context), { label: LABEL_SERVICE, value: args.alias }],
      networksAdvanced: [{ name: args.network, aliases: [args.alias] }],
      // Outside of the measured time: load comes from the generator, not from the checks.
      ...(args.healthTest && {
        healthcheck: {
          tests: args.healthTest,
          interval: '10s',
          timeout: '5s',
          // As the engine gives it back: "60s" would be a change at every `up`.
          startPeriod: '1m0s',
          retries: 3,
        },
      }),
      ...(args.command.length > 0 && startLater(args.command)),
      ...(args.envs && { envs: args.envs }),
      uploads: uploadsOf(args.files ?? {}),
      volumes: Object.entries(args.volumes ?? {}).map(([containerPath, { volume, readOnly }]) => ({
        volumeName: volume,
        containerPath,
        readOnly,
      })),
      // Ascending, as the engine gives them back: another order would be a change at every `up`.
      ports: (args.ports ?? [])
        .toSorted((a, b) => a - b)
        .map((internal) => ({
          internal,
          ip: context.config.bindAddress,
          ...(internal === args.ports?.[0] && fixed),
        })),
      ...(args.stopSignal && { stopSignal: args.stopSignal }),
      ...(args.user && { user: args.user }),
      ...(args.processesOf && { pidMode: pulumi.interpolate`container:${args.processesOf}` }),
      ...limitsOf(context.config.limits[args.alias]),
      destroyGraceSeconds: args.destroyGraceSeconds ?? 2,
      // The gate waits instead: Docker's own wait polls by the second and says nothing of what went wrong.
      wait: false,
      mustRun: true,
      restart: 'no',
    },
    {
      ...options,
      deleteBeforeReplace: true,
      // Newer providers mark a container that has exited by mustRun, and would start it again as it is, ungated.
      replaceOnChanges: ['#initerror', 'healthcheck', 'mustRun'],
    },
  );
}

/** Swap as much as memory means none on top of it. */
function limitsOf({ cpuSet, memoryMb }: Limit = {}) {
  return {
    ...(cpuSet !== undefined && { cpuSet }),
    ...(memoryMb !== undefined && { memory: memoryMb, memorySwap: memoryMb }),
  };
}

/**
 * The command, begun a moment after the container's start. The provider looks at the container just after that
 * and removes one that has exited already, its log with it; so a server that dies at once is left to the gate,
 * which tells its last words.
 */
function startLater(command: string[]): { entrypoints: string[]; command: string[] } {
  return { entrypoints: ['sh', '-c', 'sleep 0.3; exec "$@"', 'sh'], command };
}

/**
 * The port of the engine's machine at which the container's `internal` port is published; 0 where there is none,
 * because the container had exited before the provider looked at it: then its gate tells why.
 */
export function publishedPort(container: docker.Container, internal: number): pulumi.Output<number> {
  return container.ports.apply((ports) => ports?.find((port) => port.internal === internal)?.external ?? 0);
}

/** `host:port` as it stands in a URL: an IPv6 address in brackets. */
export function authority(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
