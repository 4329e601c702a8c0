/** The endpoints of a stack as this machine reaches them. */
import { isIPv6 } from 'node:net';
import { needsTunnel } from '../../infra/engine/address.ts';
import { openTunnel } from '../../infra/engine/tunnel.ts';
import type { Endpoints } from '../engine/contract.ts';
import { EnvironmentError } from '../errors.ts';

export interface Reached {
  endpoints: Endpoints;
  isTunnel: boolean;
  /** Gives up the way there. */
  close(): Promise<void>;
}

export interface Address {
  host: string;
  port: number;
}

/** The same database, at another address. */
export function databaseAt(url: string, { host, port }: Address): string {
  const moved = new URL(url);
  moved.host = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return moved.href;
}

/**
 * Opens a tunnel through SSH where ports are bound to loopback of an `ssh://` engine's machine; leaves all others.
 * @throws EnvironmentError with what ssh said
 */
export async function reach(endpoints: Endpoints, dockerHost: string): Promise<Reached> {
  const { api, targets, deploy } = endpoints;
  // A certctl with a CA of its own runs elsewhere: it is reached as it is.
  const url = api?.ca === undefined ? api && new URL(api.url) : undefined;
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? Object.values(targets)[0]?.host;
  if (host === undefined || !needsTunnel(dockerHost, host))
    return { endpoints, isTunnel: false, close: async () => {} };
  const database = deploy && Number(new URL(deploy.databaseUrl).port);
  const ports = [
    ...(url ? [Number(url.port)] : []),
    ...Object.values(targets).map(({ port }) => port),
    ...(database ? [database] : []),
  ];
  try {
    const { portTo, close } = await openTunnel(dockerHost, host, ports);
    const moved = Object.entries(targets).map(([name, target]) => {
      return [name, { ...target, host: '127.0.0.1', port: portTo(target.port) }] as const;
    });
    return {
      endpoints: {
        ...endpoints,
        api: api && url ? { ...api, url: `https://127.0.0.1:${portTo(Number(url.port))}` } : api,
        targets: Object.fromEntries(moved),
        ...(deploy &&
          database && {
            deploy: {
              ...deploy,
              databaseUrl: databaseAt(deploy.databaseUrl, { host: '127.0.0.1', port: portTo(database) }),
            },
          }),
      },
      isTunnel: true,
      close,
    };
  } catch (cause) {
    throw new EnvironmentError(
      `no tunnel to ${dockerHost}: ${(cause as Error).message.split('\n').at(-1)}; check that SSH there allows forwarding`,
      { cause },
    );
  }
}
