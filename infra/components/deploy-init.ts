/** One-shot container that registers the agents and makes and binds the targets and certificates of the sites. */
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { DeployPlan } from '../../fixtures/deploy-init/plan.ts';
import { siteCount } from '../agent/settings.ts';
import { ISSUER_ID, OWNER, RENEWAL_POLICY_ID, TEAM } from '../inventory.ts';
import { LABEL_SERVICE } from '../labels.ts';
import { NODE_IMAGE } from '../registry/reference.ts';
import { type Site, sitesOf } from '../sites.ts';
import { labels, type StackContext } from '../stack-context.ts';
import { TARGETS } from '../target-specs.ts';
import { TARGET_NAMES, type TargetName } from '../targets.ts';
import { uploadsOf } from '../uploads.ts';
import { gate } from './gate.ts';
import { CERTIFICATES } from './tls-init.ts';

const SCRIPT = '/opt/bench/deploy-init.mjs';
const PLAN = '/opt/bench/deploy-plan.json';

export interface DeployInitArgs {
  network: pulumi.Input<string>;
  certificates: pulumi.Input<string>;
  /** On the stack's network. Resolve once it answers. */
  serverUrl: pulumi.Input<string>;
  apiKey: pulumi.Input<string>;
  databaseUrl: pulumi.Input<string>;
}

export class DeployInit extends pulumi.ComponentResource {
  /** Ids of the agents, by name. Resolves once all is there. */
  readonly agents: pulumi.Output<Record<string, string>>;

  constructor(
    name: string,
    context: StackContext,
    args: DeployInitArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('certctl-bench:infra:DeployInit', name, {}, options);
    const parent = { parent: this };
    const container = new docker.Container(
      `${name}-once`,
      {
        image: context.images.get(NODE_IMAGE).id,
        labels: [...labels(context), { label: LABEL_SERVICE, value: name }],
        networksAdvanced: [{ name: args.network }],
        entrypoints: ['node'],
        command: [SCRIPT],
        envs: [
          pulumi.interpolate`CERTCTL_SERVER_URL=${args.serverUrl}`,
          pulumi.interpolate`CERTCTL_API_KEY=${args.apiKey}`,
          `CERTCTL_SERVER_CA_BUNDLE_PATH=${CERTIFICATES}/ca.crt`,
          pulumi.interpolate`CERTCTL_DATABASE_URL=${args.databaseUrl}`,
          `DEPLOY_INIT_PLAN=${PLAN}`,
        ],
        // The plan as a file: an environment variable holds 128 KiB, which are 180 sites.
        uploads: uploadsOf({
          [SCRIPT]: { fixture: 'deploy-init/main.ts' },
          [PLAN]: { text: JSON.stringify(planOf(context)) },
        }),
        volumes: [{ volumeName: args.certificates, containerPath: CERTIFICATES, readOnly: true }],
        // It ends when it is done, which is not a fault; the gate looks at its exit code.
        mustRun: false,
        restart: 'no',
      },
      { ...parent, deleteBeforeReplace: true, replaceOnChanges: ['#initerror'] },
    );
    const line = gate(name, context, container, { oneShot: true }, parent);
    this.agents = line.apply((json) => (JSON.parse(json) as { agents: Record<string, string> }).agents);
    this.registerOutputs({ agents: this.agents });
  }
}

/** Names of the agents beside a target. */
export function agentNames(target: TargetName, { agents }: { agents: number }): string[] {
  return Array.from({ length: agents }, (_, index) => `bench-${target}-${index + 1}`);
}

function planOf({ config, images }: StackContext): DeployPlan {
  const sites = TARGET_NAMES.flatMap((target) => {
    const names = agentNames(target, config);
    return sitesOf(target, siteCount(config)).map((site, index) => ({
      agent: names[index % names.length] ?? '',
      target: {
        ...{ id: site.target, name: site.servername },
        ...TARGETS[target].sites.deployment(site, images.layout),
      },
      certificate: certificateOf(site),
    }));
  });
  return {
    team: TEAM,
    owner: OWNER,
    agents: TARGET_NAMES.flatMap((target) => agentNames(target, config)),
    sites,
  };
}

const certificateOf = ({ certificate, servername }: Site) => ({
  ...{ id: certificate, name: servername, common_name: servername, sans: [servername] },
  // Without one certctl finds the certificate by no call.
  environment: 'production',
  ...{ owner_id: OWNER.id, team_id: TEAM.id, issuer_id: ISSUER_ID, renewal_policy_id: RENEWAL_POLICY_ID },
});
