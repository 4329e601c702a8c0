/** What deploys to one target: certctl's agent, or simulated ones, beside it. */
import * as command from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import { dockerEnvironment } from '../engine/address.ts';
import { localImage, type ServiceImage } from '../images.ts';
import { NODE_IMAGE } from '../registry/reference.ts';
import type { StackContext } from '../stack-context.ts';
import { checkoutImage } from '../subject/checkout-image.ts';
import { contentHash } from '../subject/content-hash.ts';
import type { TargetName } from '../targets.ts';
import { gate } from './gate.ts';
import { serviceContainer } from './service-container.ts';
import { CERTIFICATES } from './tls-init.ts';

const SCRIPT = '/opt/bench/simulated-agent.mjs';
const BINARY = '/app/agent';

export interface AgentArgs {
  network: pulumi.Input<string>;
  certificates: pulumi.Input<string>;
  serverUrl: pulumi.Input<string>;
  apiKey: pulumi.Input<string>;
  /** As registered. */
  ids: pulumi.Input<string[]>;
  /** The target's container: an agent has its process namespace, and through it its file system. */
  container: pulumi.Input<string>;
  /** Of the real agent. */
  image: ServiceImage;
}

export class Agent extends pulumi.ComponentResource {
  /** Resolves once it runs. */
  readonly running: pulumi.Output<true>;

  constructor(
    target: TargetName,
    context: StackContext,
    args: AgentArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    const name = `${target}-agent`;
    super('certctl-bench:infra:Agent', name, {}, options);
    const parent = { parent: this };
    const { agent, agentPollMs, agentBinary } = context.config;
    const isReal = agent === 'real';
    const container = serviceContainer(
      `${name}-client`,
      context,
      {
        image: args.image,
        network: args.network,
        alias: name,
        command: isReal ? (agentBinary ? [BINARY] : []) : ['node', SCRIPT],
        files: isReal ? {} : { [SCRIPT]: { fixture: 'simulated-agent/main.ts' } },
        envs: [
          pulumi.interpolate`CERTCTL_SERVER_URL=${args.serverUrl}`,
          pulumi.interpolate`CERTCTL_API_KEY=${args.apiKey}`,
          pulumi.interpolate`CERTCTL_AGENT_ID=${pulumi.output(args.ids).apply((ids) => ids.join())}`,
          `CERTCTL_AGENT_NAME=${name}`,
          'CERTCTL_KEY_DIR=/var/lib/certctl/keys',
          `CERTCTL_SERVER_CA_BUNDLE_PATH=${CERTIFICATES}/ca.crt`,
          ...(isReal ? [] : [`AGENT_POLL_INTERVAL_MS=${agentPollMs}`]),
        ],
        volumes: { [CERTIFICATES]: { volume: args.certificates, readOnly: false } },
        processesOf: args.container,
        // Whose files and processes are to be changed.
        user: 'root',
        // certctl's image has one that asks for a process by name, and here are the target's too.
        healthTest: ['NONE'],
      },
      parent,
    );
    this.running = gate(name, context, container, {}, parent).apply(() => true as const);
    this.registerOutputs({ running: this.running });
  }
}

/** What the agents run, the same for all targets. */
export function agentImage(context: StackContext): ServiceImage {
  const { agent, agentBinary, agentImage: reference } = context.config;
  const base = context.images.get(NODE_IMAGE);
  if (agent !== 'real') return base;
  if (reference) return context.images.pull('agent', reference);
  if (!agentBinary) return checkoutImage('agent-image', 'certctl-agent', context);
  const build = new command.local.Command('agent-image', {
    create: 'exec node agent/build.ts',
    environment: { AGENT_BASE: base.id, AGENT_BINARY: agentBinary, ...dockerEnvironment(context.config) },
    triggers: [contentHash([agentBinary])],
    logging: 'none',
    addPreviousOutputInEnv: false,
  });
  return localImage(build.stdout, 'certctl agent binary', 'subject');
}
