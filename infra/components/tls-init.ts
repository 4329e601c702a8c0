/** One-shot container that makes the bench CA and the certificates in a named volume. */
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { LABEL_SERVICE } from '../labels.ts';
import { NODE_IMAGE } from '../registry/reference.ts';
import { labels, type StackContext } from '../stack-context.ts';
import { uploadsOf } from '../uploads.ts';
import { gate } from './gate.ts';

/** Where every container finds the certificates. */
export const CERTIFICATES = '/certs';

const SCRIPT = '/opt/bench/tls-init.mjs';

export interface TlsInitArgs {
  serverNames: string[];
  targetNames: string[];
  /** Paths, without their ends, of the files that begin as copies of the targets' certificate. */
  sites: string[];
}

/** What tls-init prints. */
interface Made {
  ca: string;
  fingerprints: { server: string; target: string };
}

export class TlsInit extends pulumi.ComponentResource {
  /** Name of the volume with the certificates. Resolves once they are there. */
  readonly volume: pulumi.Output<string>;
  /** SHA-256 of the certificates of the subject and of the targets, lowercase hex. */
  readonly issued: pulumi.Output<{ server: string; target: string }>;
  /** PEM of the bench CA. Its private key is never written. */
  readonly ca: pulumi.Output<string>;

  constructor(
    name: string,
    context: StackContext,
    args: TlsInitArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('certctl-bench:infra:TlsInit', name, {}, options);
    const parent = { parent: this };
    const volume = new docker.Volume(`${name}-certificates`, { labels: labels(context) }, parent);
    const container = new docker.Container(
      `${name}-once`,
      {
        image: context.images.get(NODE_IMAGE).id,
        labels: [...labels(context), { label: LABEL_SERVICE, value: name }],
        entrypoints: ['node'],
        command: [SCRIPT],
        envs: [
          `TLS_INIT_DIR=${CERTIFICATES}`,
          `TLS_INIT_SERVER_NAMES=${args.serverNames.join()}`,
          `TLS_INIT_TARGET_NAMES=${args.targetNames.join()}`,
          ...(args.sites.length > 0 ? [`TLS_INIT_SITES=${args.sites.join()}`] : []),
        ],
        uploads: uploadsOf({ [SCRIPT]: { fixture: 'tls-init/main.ts' } }),
        volumes: [{ volumeName: volume.name, containerPath: CERTIFICATES }],
        networkMode: 'none',
        // It ends when it is done, which is not a fault; the gate looks at its exit code.
        mustRun: false,
        restart: 'no',
      },
      { ...parent, deleteBeforeReplace: true, replaceOnChanges: ['#initerror'] },
    );
    // It prints one line: what it made, with the CA and the fingerprints.
    const line = gate(name, context, container, { oneShot: true }, parent);
    const made = line.apply((json) => JSON.parse(json) as Made);
    this.ca = made.ca;
    this.issued = made.fingerprints.apply(({ server, target }) => ({ server, target }));
    this.volume = pulumi.all([volume.name, line]).apply(([volumeName]) => volumeName);
    this.registerOutputs({ volume: this.volume, ca: this.ca });
  }
}
