/** One TLS-terminating target: what runs is said by its file in targets/. */
import * as pulumi from '@pulumi/pulumi';
import { siteCount } from '../agent/settings.ts';
import { servedAt } from '../engine/address.ts';
import { sitesOf, TARGET_DOMAIN } from '../sites.ts';
import type { StackContext } from '../stack-context.ts';
import { TARGETS, type TargetSpec } from '../target-specs.ts';
import type { TargetName } from '../targets.ts';
import { gate } from './gate.ts';
import {
  authority,
  HEALTH_PORT,
  PLAIN_HEALTH_TEST,
  publishedPort,
  serviceContainer,
} from './service-container.ts';
import { CERTIFICATES } from './tls-init.ts';

/** Port inside the container, the same for all targets. */
const TLS_PORT = 8443;

export interface TargetEndpoint {
  url: string;
  host: string;
  port: number;
  servername: string;
  inside: { host: string; port: number };
  health: string;
}

export class Target extends pulumi.ComponentResource {
  /** Resolves once the target accepts connections. */
  readonly endpoint: pulumi.Output<TargetEndpoint>;
  readonly containerId: pulumi.Output<string>;

  constructor(
    name: TargetName,
    context: StackContext,
    args: { network: pulumi.Input<string>; certificates: pulumi.Input<string> },
    options: pulumi.ComponentResourceOptions,
  ) {
    super('certctl-bench:infra:Target', name, {}, options);
    const parent = { parent: this };
    const { image, command, user, files, sites } = TARGETS[name];
    const own = sitesOf(name, siteCount(context.config));
    const { files: siteFiles, envs }: TargetSpec['sites'] = sites;
    const container = serviceContainer(
      `${name}-server`,
      context,
      {
        image: context.images.get(image),
        network: args.network,
        alias: name,
        command: Array.isArray(command) ? command : command[context.images.layout],
        files: { ...files, ...(own.length > 0 && siteFiles?.(own)) },
        ...(own.length > 0 && envs && { envs: envs(own) }),
        ...(user && { user }),
        volumes: { [CERTIFICATES]: { volume: args.certificates, readOnly: true } },
        ports: [TLS_PORT, HEALTH_PORT],
        healthTest: PLAIN_HEALTH_TEST,
      },
      parent,
    );
    this.containerId = container.id;
    const host = servedAt(context.config);
    const servername = `${name}.${TARGET_DOMAIN}`;
    const ports = pulumi.all([publishedPort(container, TLS_PORT), publishedPort(container, HEALTH_PORT)]);
    const probes = ports.apply(([port, health]) => ({
      listening: [authority(host, port)],
      answering: [`http://${authority(host, health)}/healthz`],
    }));
    const ready = gate(name, context, container, probes, parent);
    this.endpoint = pulumi.all([ports, ready]).apply(([[port, health]]) => ({
      url: `https://${authority(host, port)}`,
      host,
      port,
      servername,
      inside: { host: name, port: TLS_PORT },
      health: `http://${authority(host, health)}/healthz`,
    }));
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
