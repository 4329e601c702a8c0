/** The stack's own bridge network; services find each other on it by name. */
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labels, type StackContext } from '../stack-context.ts';

export class Network extends pulumi.ComponentResource {
  /** Name in the engine. */
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, context: StackContext, options: pulumi.ComponentResourceOptions) {
    super('certctl-bench:infra:Network', name, {}, options);
    const network = new docker.Network(`${name}-bridge`, { labels: labels(context) }, { parent: this });
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
