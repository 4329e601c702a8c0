/** The subject: certctl, as a binary or an image, or the stand-in. All of them take the same environment. */
import * as pulumi from '@pulumi/pulumi';
import { servedAt } from '../engine/address.ts';
import type { StackContext } from '../stack-context.ts';
import type { SubjectKind } from '../subject/check.ts';
import { type Subject, subject } from '../subject/subject.ts';
import { gate } from './gate.ts';
import { secret } from './secret.ts';
import { authority, publishedPort, serviceContainer } from './service-container.ts';
import { CERTIFICATES } from './tls-init.ts';

const PORT = 8443;

/** Name in certctl's certificate. */
export const CERTCTL_NAME = 'certctl';

export interface CertctlArgs {
  network: pulumi.Input<string>;
  databaseUrl: pulumi.Input<string>;
  /** Encrypts what it keeps in its database: a secret that lives as long as the data. */
  encryptionKey: pulumi.Output<string>;
  certificates: pulumi.Input<string>;
  ca: pulumi.Input<string>;
}

export interface CertctlEndpoint {
  url: string;
  host: string;
  port: number;
  servername: string;
  inside: { host: string; port: number };
  health: string;
  /** As the contract has it. */
  ca?: string;
}

export class Certctl extends pulumi.ComponentResource {
  /** Resolves once certctl reaches its database and answers. */
  readonly endpoint: pulumi.Output<CertctlEndpoint>;
  /** Admin key: a secret. */
  readonly apiKey: pulumi.Output<string>;
  readonly version: pulumi.Output<string>;
  readonly image: Subject['image'];
  /** Where it differs from what certctl does by itself. */
  readonly settings: Subject['settings'];

  constructor(
    name: string,
    kind: Exclude<SubjectKind, 'external'>,
    context: StackContext,
    args: CertctlArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('certctl-bench:infra:Certctl', name, {}, options);
    const parent = { parent: this };
    const { image, command, files, healthTest, envs, settings } = subject(name, kind, context, parent);
    this.image = image;
    this.settings = settings;
    this.apiKey = secret(`${name}-api-key`, parent);
    const authSecret = secret(`${name}-auth-secret`, parent);
    const container = serviceContainer(
      `${name}-server`,
      context,
      {
        image,
        network: args.network,
        alias: name,
        command,
        files,
        envs: [
          pulumi.interpolate`CERTCTL_DATABASE_URL=${args.databaseUrl}`,
          'CERTCTL_SERVER_HOST=0.0.0.0',
          `CERTCTL_SERVER_PORT=${PORT}`,
          `CERTCTL_SERVER_TLS_CERT_PATH=${CERTIFICATES}/server.crt`,
          `CERTCTL_SERVER_TLS_KEY_PATH=${CERTIFICATES}/server.key`,
          'CERTCTL_AUTH_TYPE=api-key',
          // Keys of AUTH_SECRET may only read; it must be set, and is ignored beside a named admin key.
          pulumi.interpolate`CERTCTL_AUTH_SECRET=${authSecret}`,
          pulumi.interpolate`CERTCTL_API_KEYS_NAMED=bench:${this.apiKey}:admin`,
          // Agents send it in the header of the API key, so it has to be the same.
          pulumi.interpolate`CERTCTL_AGENT_BOOTSTRAP_TOKEN=${this.apiKey}`,
          pulumi.interpolate`CERTCTL_CONFIG_ENCRYPTION_KEY=${args.encryptionKey}`,
          ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
          ...envs,
        ],
        volumes: { [CERTIFICATES]: { volume: args.certificates, readOnly: true } },
        ports: [PORT],
        healthTest,
      },
      parent,
    );
    const host = servedAt(context.config);
    const port = publishedPort(container, PORT);
    const origin = port.apply((external) => `https://${authority(host, external)}`);
    const probes = pulumi.all([origin, args.ca]).apply(([url, ca]) => ({
      answering: [`${url}/ready`, `${url}/api/v1/version`],
      ca,
      servername: CERTCTL_NAME,
    }));
    const answer = gate(name, context, container, probes, parent);
    this.version = answer.apply((json) => (JSON.parse(json) as { version: string }).version);
    this.endpoint = pulumi.all([origin, port, answer]).apply(([url, external]) => ({
      url,
      host,
      port: external,
      servername: CERTCTL_NAME,
      inside: { host: name, port: PORT },
      health: `${url}/ready`,
    }));
    this.registerOutputs({ endpoint: this.endpoint, apiKey: this.apiKey, version: this.version });
  }
}
