/** Which engine a command asks: the one that it was told, by a flag or by the stack's config. */
import { dockerEnvironment, type EngineAddress } from '../../infra/engine/address.ts';

/**
 * From now on all that this process and its children ask of Docker goes to that engine; the environment is how the
 * docker CLI and Pulumi's plugin are told. An empty address leaves the person's own choice.
 */
export function useEngine(address: Partial<EngineAddress>): void {
  const { dockerHost = '', dockerCertPath = '' } = address;
  Object.assign(process.env, dockerEnvironment({ dockerHost, dockerCertPath }));
}

/** An engine that this process asks: with the certificates of its environment. */
export const engineAt = (dockerHost: string): EngineAddress => ({ dockerHost, dockerCertPath: certPathOf() });

/** The folder of certificates that the environment names. */
export function certPathOf(env: NodeJS.ProcessEnv = process.env): string {
  return (env.DOCKER_TLS_VERIFY && env.DOCKER_CERT_PATH) || '';
}
