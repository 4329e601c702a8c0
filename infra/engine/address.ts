/** How the stack's engine is reached, and where what it publishes is reached: asked by the program and the runner. */
import { isIPv4, isIPv6 } from 'node:net';
import { sshOptions } from './ssh.ts';

/** Empty strings: what the environment says, else the default engine of this machine. */
export interface EngineAddress {
  /** `unix://`, `tcp://` or `ssh://`. */
  dockerHost: string;
  /** Folder with ca.pem, cert.pem and key.pem, for `tcp://` with mutual TLS. */
  dockerCertPath: string;
}

/** What the docker CLI needs in its environment to ask this engine and no other. */
export function dockerEnvironment({ dockerHost, dockerCertPath }: EngineAddress): Record<string, string> {
  if (dockerHost === '') return {};
  return {
    DOCKER_HOST: dockerHost,
    // Empty ones, so that those of the person, which are for another engine, do not count.
    DOCKER_CERT_PATH: dockerCertPath,
    DOCKER_TLS_VERIFY: dockerCertPath && '1',
  };
}

/** Arguments of the Docker provider. */
export function providerArgs({ dockerHost, dockerCertPath }: EngineAddress) {
  return {
    ...(dockerHost && { host: dockerHost }),
    ...(dockerCertPath && { certPath: dockerCertPath }),
    ...(dockerHost.startsWith('ssh://') && { sshOpts: sshOptions }),
  };
}

/** The machine of a `tcp://` or `ssh://` engine; undefined for a socket of this machine. */
export function engineMachine(dockerHost: string): string | undefined {
  if (!/^(tcp|ssh):/.test(dockerHost)) return undefined;
  return URL.parse(dockerHost)?.hostname.replace(/^\[|\]$/g, '') || undefined;
}

/** True where the engine runs on another machine than this process. */
export function isRemote(dockerHost: string): boolean {
  const machine = engineMachine(dockerHost);
  return machine !== undefined && machine !== 'localhost' && !isLoopback(machine);
}

export function isLoopback(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}

/** Where the ports that are bound to `bindAddress` of the engine's machine are reached. */
export function servedAt({ dockerHost, bindAddress }: { dockerHost: string; bindAddress: string }): string {
  if (bindAddress !== '0.0.0.0' && bindAddress !== '::') return bindAddress;
  if (isRemote(dockerHost)) return engineMachine(dockerHost) ?? bindAddress;
  return isIPv6(bindAddress) ? '::1' : '127.0.0.1';
}

/** True where what is published at `host` is reached through SSH only: loopback of an engine behind `ssh://`. */
export function needsTunnel(dockerHost: string, host: string): boolean {
  return dockerHost.startsWith('ssh://') && isLoopback(host);
}
