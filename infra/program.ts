/** The stack, top to bottom: network, then PostgreSQL and certificates, then certctl and the targets. */
import { createHash } from 'node:crypto';
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { CERTCTL_NAME, Certctl } from './components/certctl.ts';
import { Network } from './components/network.ts';
import { Postgres } from './components/postgres.ts';
import { randomHex } from './components/secret.ts';
import { TARGET_DOMAIN, Target, type TargetSpec } from './components/target.ts';
import { TlsInit } from './components/tls-init.ts';
import type { BenchConfig } from './config.ts';
import { providerArgs, servedAt } from './engine/address.ts';
import { type ImageRole, ImageSet } from './images.ts';
import type { StackContext } from './stack-context.ts';
import { apache } from './targets/apache.ts';
import { f5 } from './targets/f5.ts';
import { haproxy } from './targets/haproxy.ts';
import { nginx } from './targets/nginx.ts';

const TARGETS: TargetSpec[] = [nginx, apache, haproxy, f5];

/** Declares all resources and returns the stack's outputs: `bench` and `apiKey` are the contract of outputs.ts. */
export function program(config: BenchConfig): Record<string, pulumi.Output<unknown>> {
  const provider = new docker.Provider('engine', providerArgs(config));
  const options = { providers: [provider] };
  const context: StackContext = {
    stack: pulumi.getStack(),
    incarnation: randomHex('incarnation', 8, {}),
    config,
    images: new ImageSet(config, { provider }),
  };

  const network = new Network('network', context, options).networkName;
  const postgres = new Postgres('postgres', context, { network }, options);
  const tls = new TlsInit(
    'tls-init',
    context,
    {
      serverNames: [CERTCTL_NAME, 'localhost', servedAt(config)],
      targetNames: [
        ...TARGETS.map(({ name }) => name),
        `*.${TARGET_DOMAIN}`,
        TARGET_DOMAIN,
        'localhost',
        servedAt(config),
      ],
    },
    options,
  );
  const certctl = new Certctl(
    'certctl',
    context,
    { network, databaseUrl: postgres.url, certificates: tls.volume, ca: tls.ca },
    options,
  );
  const targets = TARGETS.map(
    (spec) => new Target(spec, context, { network, certificates: tls.volume }, options),
  );

  const images = pulumi.output({ ...serviceImages(context), certctl: certctl.image });
  const settings = {
    certctl: certctl.settings,
    postgres: config.postgresSettings,
    limits: config.limits,
  };
  const bench = pulumi.output({
    schema: 'bench.v1' as const,
    stack: context.stack,
    incarnation: context.incarnation,
    network,
    certctl: certctl.endpoint,
    targets: Object.fromEntries(TARGETS.map(({ name }, index) => [name, targets[index]?.endpoint])),
    postgres: { version: postgres.version, health: 'ready' },
    ca: tls.ca,
    issued: tls.issued,
    subject: { kind: config.subject, version: certctl.version },
    images,
    settings,
    topologyHash: images.apply((all) => topologyHash(config, { images: all, settings })),
  });
  return { bench, apiKey: pulumi.secret(certctl.apiKey), ...publishedResult(config) };
}

/** The images that the services run, by service. */
function serviceImages({ images }: StackContext) {
  const roles: Record<string, ImageRole> = { postgres: 'postgres', 'tls-init': 'node' };
  for (const { name, image } of TARGETS) roles[name] = image;
  return Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, images.get(role)]));
}

/** SHA-256 over what decides the stack's shape: equal hashes, comparable stacks. */
function topologyHash({ subject, standInFaults, imageSource }: BenchConfig, made: object): string {
  const shape = JSON.stringify({ subject, standInFaults, imageSource, ...made });
  return createHash('sha256').update(shape).digest('hex');
}

/** Verdict and figures of the last run, once `bench publish` has put them into the config. */
function publishedResult({ result }: BenchConfig): Record<string, pulumi.Output<unknown>> {
  return result ? { result: pulumi.output(result) } : {};
}
