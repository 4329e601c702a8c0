/** The secrets of a stack, and the places where they might show. */
import { readFileSync } from 'node:fs';
import { LABEL_STACK } from '../../../infra/labels.ts';
import type { Engine } from '../../../runner/setup/engine.ts';
import { containersOf, docker } from './engine.ts';
import { stackFiles } from './leftovers.ts';

interface Deployment {
  deployment: { resources: { urn: string; outputs?: { stdout?: string | { plaintext?: string } } }[] };
}

/** Values of the random secrets, by resource, of `pulumi stack export --show-secrets`. */
export function secretsOf({ deployment }: Deployment): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const { urn, outputs } of deployment.resources) {
    const stdout = outputs?.stdout;
    if (typeof stdout !== 'object' || stdout.plaintext === undefined) continue;
    secrets[urn.split('::').at(-1) ?? ''] = JSON.parse(stdout.plaintext);
  }
  return secrets;
}

/** What the stack's containers have printed. */
export async function logsOf(engine: Engine, stack: string): Promise<Record<string, string>> {
  const logs: Record<string, string> = {};
  for (const [service, id] of Object.entries(await containersOf(engine, stack))) {
    logs[`log of ${service}`] = (await docker(engine, 'logs', id)).join('\n');
  }
  return logs;
}

/** Labels of the stack's containers, networks and volumes. */
export async function labelsOf(engine: Engine, stack: string): Promise<Record<string, string>> {
  const filter = ['--filter', `label=${LABEL_STACK}=${stack}`, '--format', '{{.Labels}}'];
  const labels: Record<string, string> = {};
  for (const kind of ['container', 'network', 'volume']) {
    labels[`labels of ${kind}s`] = (await docker(engine, kind, 'ls', ...filter)).join('\n');
  }
  return labels;
}

/** The stack's config, and its state where the backend is the embedded one. */
export function stateOf(stack: string): Record<string, string> {
  return Object.fromEntries(stackFiles(stack).map((path) => [path, readFileSync(path, 'utf8')]));
}

/** What the containers have been given: the one place for secrets. */
export async function environments(engine: Engine, stack: string): Promise<string> {
  const ids = Object.values(await containersOf(engine, stack));
  return (await docker(engine, 'inspect', '--format', '{{json .Config.Env}}', ...ids)).join('\n');
}
