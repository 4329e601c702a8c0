/** The way from the generator to what it measures, as it is found. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, isIPv4 } from 'node:net';
import { isRemote } from '../../infra/engine/address.ts';

export const PATHS = [
  'stack network',
  'published port',
  'docker-proxy',
  'network',
  'ssh tunnel',
  'not measured',
] as const;
export type Path = (typeof PATHS)[number];

/**
 * How a port that is published at `host` is reached from this machine. On the engine's own machine a connection is
 * opened to see who accepts it: docker-proxy is a process here, and its end of the connection shows in this machine's
 * table of sockets; where the kernel forwards, the other end is in the container's.
 */
export async function pathTo(host: string, port: number, dockerHost: string): Promise<Path> {
  if (isRemote(dockerHost)) return 'network';
  if (!isIPv4(host)) return 'not measured';
  const socket = connect({ host, port, timeout: 2000 });
  try {
    await Promise.race([once(socket, 'connect'), once(socket, 'timeout').then(() => Promise.reject())]);
    const ends = [socketName(host, port), socketName(socket.localAddress ?? '', socket.localPort ?? 0)];
    return readFileSync('/proc/net/tcp', 'utf8').includes(` ${ends.join(' ')} `)
      ? 'docker-proxy'
      : 'published port';
  } catch {
    // No /proc here, or nobody answers, which the load will tell.
    return 'not measured';
  } finally {
    socket.destroy();
  }
}

/** As /proc/net/tcp writes an IPv4 address on little-endian machines: hex, its bytes turned round. */
export function socketName(address: string, port: number): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const bytes = address.split('.').toReversed();
  return `${bytes.map((byte) => hex(Number(byte), 2)).join('')}:${hex(port, 4)}`;
}
