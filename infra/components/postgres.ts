/** PostgreSQL with a random password, reachable on the stack's network only. */
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { servedAt } from '../engine/address.ts';
import { POSTGRES_IMAGE } from '../registry/reference.ts';
import { postgresArguments } from '../settings/postgres-settings.ts';
import { labels, type StackContext } from '../stack-context.ts';
import { gate } from './gate.ts';
import { secret } from './secret.ts';
import { publishedPort, serviceContainer } from './service-container.ts';

const DATABASE = 'certctl';
const USER = 'certctl';
const DATA = '/var/lib/postgresql/data';
const START = '/opt/bench/start-postgres.sh';

export interface DatabaseEndpoint {
  host: string;
  port: number;
  inside: { host: string; port: number };
}

const PORT = 5432;

export class Postgres extends pulumi.ComponentResource {
  /** Connection URL on the stack's network: a secret. Resolves once the database can be used. */
  readonly url: pulumi.Output<string>;
  /** Where it is published; undefined where it is not. */
  readonly endpoint: pulumi.Output<DatabaseEndpoint> | undefined;
  readonly version: pulumi.Output<string>;

  constructor(
    name: string,
    context: StackContext,
    args: {
      network: pulumi.Input<string>;
      /** At the bind address, for who reads the rows of deployments. */
      published: boolean;
      /** Secrets without which the data is of no use. */
      keys: pulumi.Output<string>[];
    },
    options: pulumi.ComponentResourceOptions,
  ) {
    super('certctl-bench:infra:Postgres', name, {}, options);
    const parent = { parent: this };
    const password = secret(`${name}-password`, parent);
    const data = new docker.Volume(
      `${name}-data`,
      { labels: labels(context) },
      // The database in it knows this password and no other, and what is encrypted in it these keys: a `down` that is
      // killed leaves all of them, or no data.
      { ...parent, dependsOn: pulumi.all([password, ...args.keys]).apply(() => []) },
    );
    const image = context.images.get(POSTGRES_IMAGE);
    // The official image has an entrypoint that makes the database; Debian's package has none.
    const fromDebian = context.images.layout === 'debian';
    // Debian's pg_isready on PATH is a Perl wrapper, and its server is not on PATH at all.
    const bin = fromDebian ? '/usr/lib/postgresql/15/bin/' : '';
    const isReady = [
      `${bin}pg_isready`,
      '--quiet',
      '--host=127.0.0.1',
      `--username=${USER}`,
      `--dbname=${DATABASE}`,
    ];
    const container = serviceContainer(
      `${name}-server`,
      context,
      {
        image,
        network: args.network,
        alias: name,
        command: [
          ...(fromDebian ? ['sh', START] : ['docker-entrypoint.sh', 'postgres']),
          ...postgresArguments(context.config.postgresSettings),
        ],
        files: fromDebian ? { [START]: { fixture: 'postgres/start.sh' } } : {},
        envs: [
          pulumi.interpolate`POSTGRES_PASSWORD=${password}`,
          `POSTGRES_USER=${USER}`,
          `POSTGRES_DB=${DATABASE}`,
          `PGDATA=${DATA}`,
        ],
        ...(args.published && { ports: [PORT] }),
        volumes: { [DATA]: { volume: data.name, readOnly: false } },
        healthTest: ['CMD', ...isReady],
        // "Fast": do not wait for clients to go.
        stopSignal: 'SIGINT',
        destroyGraceSeconds: 5,
      },
      parent,
    );
    const version = gate(
      name,
      context,
      container,
      // It asks inside: to be let in by the engine takes longer than ten such questions.
      { exec: [['sh', '-c', `${untilReady(isReady.join(' '))}; exec ${bin}postgres --version`]] },
      parent,
    );
    this.version = version.apply((text) => text.replace(/^postgres \(PostgreSQL\) /, ''));
    this.url = pulumi.secret(
      pulumi
        .all([password, version])
        .apply(([word]) => `postgres://${USER}:${word}@${name}:${PORT}/${DATABASE}?sslmode=disable`),
    );
    const host = servedAt(context.config);
    this.endpoint = args.published
      ? publishedPort(container, PORT).apply((port) => ({ host, port, inside: { host: name, port: PORT } }))
      : undefined;
    this.registerOutputs({ url: this.url, version: this.version });
  }
}

/** Shell that asks until the answer is yes, and fails after some two seconds, so that the gate can look at what else may be. */
const untilReady = (ask: string) =>
  `n=0; until ${ask}; do n=$((n+1)); [ $n -lt 40 ] || exit 1; sleep 0.05; done`;
