/** Whether ports can be published at an address of this machine. */
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Loopback and "all of them" are on every machine, interfaces are what this one has. */
export function isLocalAddress(address: string, interfaces = networkInterfaces()): boolean {
  const local = new BlockList();
  local.addSubnet('127.0.0.0', 8);
  for (const always of ['0.0.0.0', '::', '::1']) local.addAddress(always, isIPv6(always) ? 'ipv6' : 'ipv4');
  for (const entry of Object.values(interfaces).flatMap((list) => list ?? []))
    local.addAddress(entry.address, isIPv6(entry.address) ? 'ipv6' : 'ipv4');
  return local.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** True where the engine that `dockerHost` (empty: DOCKER_HOST, else the default) names runs on this machine. */
export function isLocalEngine(dockerHost: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const host = dockerHost || env.DOCKER_HOST || 'unix://';
  return host.startsWith('unix://');
}
