/** The stack, top to bottom: network, then PostgreSQL and certificates, then certctl and the targets. */
import { createHash } from 'node:crypto';
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { siteCount } from './agent/settings.ts';
import { CERTCTL_NAME, Certctl, type CertctlArgs } from './components/certctl.ts';
import { ExternalCertctl } from './components/external-certctl.ts';
import { Load } from './components/load.ts';
import { Network } from './components/network.ts';
import { Postgres } from './components/postgres.ts';
import { randomHex, secret } from './components/secret.ts';
import { Target } from './components/target.ts';
import { TlsInit } from './components/tls-init.ts';
import type { BenchConfig } from './config.ts';
import { deployment } from './deployment.ts';
import { providerArgs, servedAt } from './engine/address.ts';
import { ImageSet, registriesOf } from './images.ts';
import { registryAuth } from './registry/credentials.ts';
import { NODE_IMAGE, POSTGRES_IMAGE } from './registry/reference.ts';
import { sitesOf, TARGET_DOMAIN } from './sites.ts';
import type { StackContext } from './stack-context.ts';
import { TARGETS } from './target-specs.ts';
import { TARGET_NAMES } from './targets.ts';

/** Declares all resources and returns the stack's outputs: `bench` and `apiKey` are the contract of outputs.ts. */
export function program(config: BenchConfig): Record<string, pulumi.Output<unknown>> {
  const provider = new docker.Provider('engine', { ...providerArgs(config), ...registryArgs(config) });
  const options = { providers: [provider] };
  const context: StackContext = {
    stack: pulumi.getStack(),
    incarnation: randomHex('incarnation', 8, {}),
    config,
    images: new ImageSet(config, { provider }),
  };

  const network = new Network('network', context, options).networkName;
  const tls = new TlsInit(
    'tls-init',
    context,
    {
      serverNames: [CERTCTL_NAME, 'localhost', servedAt(config)],
      targetNames: [...TARGET_NAMES, `*.${TARGET_DOMAIN}`, TARGET_DOMAIN, 'localhost', servedAt(config)],
      sites: TARGET_NAMES.flatMap((name) => sitesOf(name, siteCount(config)).map(({ files }) => files)),
    },
    options,
  );
  const subject =
    config.subject === 'external'
      ? external(context, options)
      : withPostgres(config.subject, context, { network, certificates: tls.volume, ca: tls.ca }, options);
  const targets = TARGET_NAMES.map(
    (name) => [name, new Target(name, context, { network, certificates: tls.volume }, options)] as const,
  );

  const deploy = deployment(context, { network, certificates: tls.volume, subject, targets }, options);

  const images = pulumi.output({ ...serviceImages(context), ...subject.images, ...deploy?.images });
  const settings = {
    certctl: subject.settings,
    postgres: config.postgresSettings,
    limits: config.limits,
  };
  const bench = pulumi.output({
    schema: 'bench.v1' as const,
    stack: context.stack,
    incarnation: context.incarnation,
    network,
    certctl: subject.endpoint,
    targets: Object.fromEntries(targets.map(([name, { endpoint }]) => [name, endpoint])),
    postgres: subject.postgres,
    ca: tls.ca,
    issued: tls.issued,
    subject: { kind: config.subject, version: subject.version },
    images,
    ...(deploy && { deploy: deploy.contract }),
    settings,
    topologyHash: images.apply((all) => topologyHash(config, { images: running(all), settings })),
  });
  const outputs = {
    bench,
    apiKey: pulumi.secret(subject.apiKey),
    ...(deploy && { databaseUrl: pulumi.secret(deploy.databaseUrl) }),
  };
  return {
    ...outputs,
    ...(config.loadInUp && { load: new Load('load', context, outputs, {}).result }),
    ...publishedResult(config),
  };
}

/** Only registries with credentials: without this argument the provider asks as anybody. */
function registryArgs(config: BenchConfig): docker.ProviderArgs {
  const auth = registryAuth(registriesOf(config));
  return auth.length > 0 ? { registryAuth: auth } : {};
}

/** The subject that the stack runs, on a PostgreSQL of its own. */
function withPostgres(
  kind: Exclude<BenchConfig['subject'], 'external'>,
  context: StackContext,
  args: Omit<CertctlArgs, 'databaseUrl' | 'encryptionKey'>,
  options: pulumi.ComponentResourceOptions,
) {
  const published = siteCount(context.config) > 0;
  const encryptionKey = secret('certctl-encryption-key', {});
  const postgres = new Postgres(
    'postgres',
    context,
    { network: args.network, published, keys: [encryptionKey] },
    options,
  );
  const { endpoint, apiKey, version, image, settings } = new Certctl(
    'certctl',
    kind,
    context,
    { ...args, databaseUrl: postgres.url, encryptionKey },
    options,
  );
  return {
    ...{ endpoint, apiKey, version, settings },
    postgres: { version: postgres.version, health: 'ready' },
    database: postgres.endpoint && { endpoint: postgres.endpoint, url: postgres.url },
    images: { postgres: context.images.get(POSTGRES_IMAGE), certctl: image },
  };
}

/** One that runs already, with whatever database and settings it has. */
function external(context: StackContext, options: pulumi.ComponentResourceOptions) {
  const { endpoint, apiKey, version } = new ExternalCertctl('certctl', context, options);
  return { endpoint, apiKey, version, settings: {}, postgres: null, database: undefined, images: {} };
}

/** The images that the targets and what prepares them run, by service. */
function serviceImages({ images }: StackContext) {
  const ofTargets = TARGET_NAMES.map((name) => [name, images.get(TARGETS[name].image)]);
  return { 'tls-init': images.get(NODE_IMAGE), ...Object.fromEntries(ofTargets) };
}

/** What is running, however it was found. */
function running(images: Record<string, { id: string; name: string; source: string }>) {
  return Object.entries(images).map(([service, { id, name, source }]) => ({ service, id, name, source }));
}

/** SHA-256 over what decides the stack's shape: equal hashes, comparable stacks. */
function topologyHash(config: BenchConfig, made: object): string {
  const { subject, subjectUrl, standInFaults, imageSource, agent, agents, agentPollMs, sites } = config;
  const where = subject === 'external' && { subjectUrl };
  const deploys = agent !== 'none' && { agent, agents, agentPollMs, sites };
  const shape = JSON.stringify({ subject, ...where, standInFaults, imageSource, ...deploys, ...made });
  return createHash('sha256').update(shape).digest('hex');
}

/** Verdict and figures of the last run, once `bench publish` has put them into the config. */
function publishedResult({ result }: BenchConfig): Record<string, pulumi.Output<unknown>> {
  return result ? { result: pulumi.output(result) } : {};
}
