/** One TLS-terminating target. What it runs is a TargetSpec, one file each in targets/. */
import * as pulumi from '@pulumi/pulumi';
import { servedAt } from '../engine/address.ts';
import type { ImageLayout } from '../images.ts';
import type { TargetName } from '../outputs.ts';
import type { ImageRole } from '../registry/reference.ts';
import type { StackContext } from '../stack-context.ts';
import { gate } from './gate.ts';
import {
  authority,
  HEALTH_PORT,
  PLAIN_HEALTH_TEST,
  publishedPort,
  serviceContainer,
} from './service-container.ts';
import { CERTIFICATES } from './tls-init.ts';

export interface TargetSpec {
  name: TargetName;
  image: ImageRole;
  /** Argv by what is in the image: the official one and Debian's package differ. */
  command: Record<ImageLayout, string[]>;
  /** Where the image's own user may not read the key. */
  user?: string;
  /** Text of the files that are copied in, by path. */
  files: () => Record<string, string>;
}

/** Port inside the container, the same for all targets. */
const TLS_PORT = 8443;

/** Domain of the names in the starter certificate. */
export const TARGET_DOMAIN = 'certctl-bench.test';

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

  constructor(
    spec: TargetSpec,
    context: StackContext,
    args: { network: pulumi.Input<string>; certificates: pulumi.Input<string> },
    options: pulumi.ComponentResourceOptions,
  ) {
    super('certctl-bench:infra:Target', spec.name, {}, options);
    const parent = { parent: this };
    const container = serviceContainer(
      `${spec.name}-server`,
      context,
      {
        image: context.images.get(spec.image),
        network: args.network,
        alias: spec.name,
        command: spec.command[context.images.layout],
        files: spec.files(),
        ...(spec.user && { user: spec.user }),
        volumes: { [CERTIFICATES]: { volume: args.certificates, readOnly: true } },
        ports: [TLS_PORT, HEALTH_PORT],
        healthTest: PLAIN_HEALTH_TEST,
      },
      parent,
    );
    const host = servedAt(context.config);
    const servername = `${spec.name}.${TARGET_DOMAIN}`;
    const ports = pulumi.all([publishedPort(container, TLS_PORT), publishedPort(container, HEALTH_PORT)]);
    const probes = ports.apply(([port, health]) => ({
      listening: [authority(host, port)],
      answering: [`http://${authority(host, health)}/healthz`],
    }));
    const ready = gate(spec.name, context, container, probes, parent);
    this.endpoint = pulumi.all([ports, ready]).apply(([[port, health]]) => ({
      url: `https://${authority(host, port)}`,
      host,
      port,
      servername,
      inside: { host: spec.name, port: TLS_PORT },
      health: `http://${authority(host, health)}/healthz`,
    }));
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
