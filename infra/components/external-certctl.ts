/** A certctl that runs already, somewhere else: nothing of it is made, it is only asked whether it answers. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import * as command from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import type { StackContext } from '../stack-context.ts';
import type { CertctlEndpoint } from './certctl.ts';

export class ExternalCertctl extends pulumi.ComponentResource {
  /** Resolves once it has answered and has taken the token. */
  readonly endpoint: pulumi.Output<CertctlEndpoint>;
  /** Admin key, from the config: a secret. */
  readonly apiKey: pulumi.Output<string>;
  readonly version: pulumi.Output<string>;

  constructor(name: string, { config }: StackContext, options: pulumi.ComponentResourceOptions) {
    super('certctl-bench:infra:ExternalCertctl', name, {}, options);
    const { origin, hostname, port } = new URL(config.subjectUrl);
    const ca = config.subjectCaFile && readFileSync(config.subjectCaFile, 'utf8');
    this.apiKey = pulumi.secret(config.subjectToken);
    const asked = new command.local.Command(
      `${name}-ready`,
      {
        create: 'exec node --use-system-ca gate/external.ts',
        environment: { SUBJECT_URL: origin, SUBJECT_CA: ca, SUBJECT_TOKEN: this.apiKey },
        logging: 'none',
        addPreviousOutputInEnv: false,
      },
      { parent: this, customTimeouts: { create: '1m' } },
    );
    // One secret input has made all of its outputs secret; what it answers is none.
    const answer = pulumi
      .unsecret(asked.stdout)
      .apply((line) => (JSON.parse(line) as { answer: string }).answer);
    this.version = answer.apply((json) => (JSON.parse(json) as { version: string }).version);
    const host = hostname.replace(/^\[|\]$/g, '');
    this.endpoint = answer.apply(() => ({
      url: origin,
      host,
      port: Number(port || 443),
      // An address has no name to ask for; the certificate is then verified for the address.
      servername: isIP(host) ? '' : host,
      // Seen from the stack's network it is where it is, too.
      inside: { host, port: Number(port || 443) },
      health: `${origin}/ready`,
      ca,
    }));
    this.registerOutputs({ endpoint: this.endpoint, apiKey: this.apiKey, version: this.version });
  }
}
