/** A stack does not move: what it made is in the engine that it was made on, wherever DOCKER_HOST points today. */
import { LABEL_INCARNATION } from '../../infra/labels.ts';
import { EnvironmentError } from '../errors.ts';
import { engineAt } from '../setup/use-engine.ts';
import type { Deployment } from './deployment.ts';
import { holdsLabelled } from './engine-objects.ts';

/**
 * @param host address of the engine that is asked now: another address may lead to the same engine, which then has
 * something of the stack
 * @throws EnvironmentError where it is another engine than the stack's.
 */
export async function requireItsEngine(
  name: string,
  { incarnation, engine }: Pick<Deployment, 'incarnation' | 'engine'>,
  host: string,
): Promise<void> {
  const { dockerHost = host } = engine ?? {};
  if (incarnation === undefined || dockerHost === host) return;
  if (await holdsLabelled(engineAt(host), `${LABEL_INCARNATION}=${incarnation}`)) return;
  throw new EnvironmentError(
    `stack "${name}" is on the Docker engine at ${dockerHost}, and the one that is used now, at ${host}, has nothing of it; set DOCKER_HOST=${dockerHost} for this command (where that engine is gone for good, "pulumi stack rm --force ${name}" forgets the stack)`,
  );
}
