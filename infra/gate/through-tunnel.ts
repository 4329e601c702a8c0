/** What a gate probes, where the way there leads through SSH. */
import { openTunnel } from '../engine/tunnel.ts';
import type { GateSettings } from './settings.ts';

type Addresses = Pick<GateSettings, 'listening' | 'answering'>;

/** The same addresses as this machine reaches them. The tunnel ends with this process. */
export async function throughTunnel({ tunnel, listening, answering }: GateSettings): Promise<Addresses> {
  if (tunnel === '') return { listening, answering };
  const urls = [...listening.map((address) => `tcp://${address}`), ...answering].map((url) => new URL(url));
  const ports = [...new Set(urls.map(({ port }) => Number(port)))];
  const host = urls[0]?.hostname.replace(/^\[|\]$/g, '');
  if (host === undefined) return { listening, answering };
  const { portTo } = await openTunnel(tunnel, host, ports);
  const here = (url: string) => {
    const moved = new URL(url);
    moved.port = String(portTo(Number(moved.port)));
    return moved.href.replace(moved.host, `127.0.0.1:${moved.port}`);
  };
  return {
    listening: listening.map((address) => here(`tcp://${address}`).replace(/^tcp:\/\/|\/$/g, '')),
    answering: answering.map(here),
  };
}
