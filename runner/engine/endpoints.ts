/** Which endpoint a planned scenario goes to. */
import { UsageError } from '../errors.ts';
import { isLoop, type PlannedScenario } from '../plan/plan.ts';
import { SCENARIOS } from '../scenarios/by-kind.ts';
import type { ApiEndpoint, DeployEndpoint, Endpoints, TargetEndpoint } from './contract.ts';

/** API scenarios and handshakes run in threads of their own, so that a handshake never delays an API send. */
export function isApi({ kind }: PlannedScenario): boolean {
  return SCENARIOS[kind].endpoint === 'api';
}

/** Throws a UsageError where nothing deploys to the target. */
export function deployEndpoint({ deploy }: Endpoints, planned: PlannedScenario): DeployEndpoint {
  const target = SCENARIOS[planned.kind].endpoint;
  if (deploy?.sites[target] === undefined) {
    throw new UsageError(
      `scenario "${planned.name}" needs a stack in which agents deploy: bring it up with -c agent=simulated, or agent=real`,
    );
  }
  return deploy;
}

/** Throws a UsageError where the endpoint is missing or is not HTTPS. */
export function apiEndpoint({ api }: Endpoints, { name }: PlannedScenario): ApiEndpoint {
  if (api === undefined) {
    throw new UsageError(`scenario "${name}" needs the API of the subject: give its URL and token`);
  }
  if (URL.parse(api.url)?.protocol !== 'https:') {
    throw new UsageError(`the API's URL must be https://host:port, and is "${api.url}"`);
  }
  return api;
}

/** Whom the API is trusted by: its own CA where it has one. */
export function apiTrust({ api, ca, insecure }: Endpoints): Pick<Endpoints, 'ca' | 'insecure'> {
  return { ca: (api?.ca ?? ca) || undefined, ...(insecure !== undefined && { insecure }) };
}

/** Throws a UsageError where the endpoint is missing. */
export function targetEndpoint({ targets }: Endpoints, { name, kind }: PlannedScenario): TargetEndpoint {
  const target = SCENARIOS[kind].endpoint;
  const endpoint = targets[target];
  if (endpoint === undefined) {
    throw new UsageError(`scenario "${name}" needs the target "${target}": give its host and port`);
  }
  return endpoint;
}

/** Throws a UsageError for the first scenario whose endpoint is missing or is not HTTPS. */
export function checkEndpoints(scenarios: PlannedScenario[], endpoints: Endpoints): void {
  for (const planned of scenarios) {
    if (isApi(planned) || isLoop(planned)) apiEndpoint(endpoints, planned);
    if (isLoop(planned)) checkHerd(planned, deployEndpoint(endpoints, planned));
    if (!isApi(planned)) targetEndpoint(endpoints, planned);
  }
}

/** There are never two loops on one site, so that what a herd is larger by could only be dropped. */
function checkHerd({ name, kind, spacing, arrivals }: PlannedScenario, { sites }: DeployEndpoint): void {
  const target = SCENARIOS[kind].endpoint;
  const there = sites[target]?.length ?? 0;
  if (spacing.type !== 'herd' || arrivals <= there) return;
  throw new UsageError(
    `scenario "${name}" is a herd of ${arrivals}, and ${target} has ${there} sites: bring the stack up with -c sites=${arrivals}, or set its iterations to ${there}`,
  );
}

/** Where a connection to the API goes, and under which name it is verified. */
export function apiAddress({ url, servername }: ApiEndpoint): TargetEndpoint {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(port || 443), servername: servername ?? host };
}
