/** The stack's own bridge network; services find each other on it by name. */
import * as command from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import { dockerEnvironment } from '../engine/address.ts';
import { labels, type StackContext } from '../stack-context.ts';

/** The name is this stack's alone: a network that has it was made by an `up` that was killed before it could say so. */
const CREATE =
  'docker network inspect --format "{{.ID}}" "$NETWORK" 2>/dev/null || exec docker network create';
/** One that is gone is no fault; an engine that does not answer is. */
const DELETE =
  'left=$(docker network ls --quiet --filter "name=$NETWORK") && [ -z "$left" ] || exec docker network rm "$NETWORK"';

/**
 * Not a docker.Network: its provider waits two seconds after it has made one, and again whenever it refreshes or
 * removes it (networkReadRefreshDelay), and all containers wait with it.
 */
export class Network extends pulumi.ComponentResource {
  /** Name in the engine. Resolves once it is there. */
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, context: StackContext, options: pulumi.ComponentResourceOptions) {
    super('certctl-bench:infra:Network', name, {}, options);
    const networkName = pulumi.interpolate`certctl-bench-${context.incarnation}`;
    // In variables: a label may hold any path.
    const labelled = labels(context).map(({ label, value }, index) => {
      return [`LABEL_${index}`, pulumi.interpolate`${label}=${value}`] as const;
    });
    const bridge = new command.local.Command(
      `${name}-bridge`,
      {
        create: [CREATE, ...labelled.map(([variable]) => `--label "$${variable}"`), '"$NETWORK"'].join(' '),
        delete: DELETE,
        environment: {
          NETWORK: networkName,
          ...Object.fromEntries(labelled),
          ...dockerEnvironment(context.config),
        },
        logging: 'none',
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );
    this.networkName = pulumi.all([networkName, bridge.stdout]).apply(([known]) => known);
    this.registerOutputs({ networkName: this.networkName });
  }
}
