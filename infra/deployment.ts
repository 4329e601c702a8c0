/** The agents beside the targets, and what they need in certctl. */
import * as pulumi from '@pulumi/pulumi';
import { REAL_POLL_MS } from './agent/check.ts';
import { siteCount } from './agent/settings.ts';
import { Agent, agentImage } from './components/agent.ts';
import type { CertctlEndpoint } from './components/certctl.ts';
import { agentNames, DeployInit } from './components/deploy-init.ts';
import type { DatabaseEndpoint } from './components/postgres.ts';
import type { Target } from './components/target.ts';
import { sitesOf } from './sites.ts';
import type { StackContext } from './stack-context.ts';
import { TARGET_NAMES, type TargetName } from './targets.ts';

export interface DeploymentArgs {
  network: pulumi.Output<string>;
  certificates: pulumi.Output<string>;
  subject: {
    endpoint: pulumi.Output<CertctlEndpoint>;
    apiKey: pulumi.Output<string>;
    /** Undefined where it is not published. */
    database: { endpoint: pulumi.Output<DatabaseEndpoint>; url: pulumi.Output<string> } | undefined;
  };
  targets: (readonly [TargetName, Target])[];
}

/** Declares them; undefined where nothing deploys. */
export function deployment(
  context: StackContext,
  { network, certificates, subject, targets }: DeploymentArgs,
  options: pulumi.ComponentResourceOptions,
) {
  const { config } = context;
  const { apiKey, database } = subject;
  if (siteCount(config) === 0 || database === undefined) return undefined;
  const serverUrl = subject.endpoint.apply(({ inside }) => `https://${inside.host}:${inside.port}`);
  const shared = { network, certificates, serverUrl, apiKey };
  const init = new DeployInit('deploy-init', context, { ...shared, databaseUrl: database.url }, options);
  const image = agentImage(context);
  const running = targets.map(([name, { containerId, endpoint }]) => {
    const ids = init.agents.apply((all) => agentNames(name, config).map((agent) => all[agent] ?? ''));
    // Once the target can be used.
    const container = pulumi.all([containerId, endpoint]).apply(([id]) => id);
    return new Agent(name, context, { ...shared, ids, container, image }, options).running;
  });
  const contract = pulumi.all([database.endpoint, pulumi.all(running)]).apply(([endpoint]) => ({
    agent: config.agent,
    agents: config.agents,
    pollMs: config.agent === 'real' ? REAL_POLL_MS : config.agentPollMs,
    sites: Object.fromEntries(TARGET_NAMES.map((name) => [name, sitesInContract(name, siteCount(config))])),
    database: endpoint,
  }));
  return { contract, databaseUrl: database.url, images: { agent: image } };
}

const sitesInContract = (name: TargetName, count: number) =>
  sitesOf(name, count).map(({ servername, certificate, target }) => ({ servername, certificate, target }));
