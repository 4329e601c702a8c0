/**
 * Ways through SSH to ports that are bound to loopback of the engine's machine. They live as long as this process:
 * the other end of ssh waits for its input to end, so that nothing stays even where this process is killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sshDestination, sshOptions } from './ssh.ts';

export interface Tunnel {
  /** The port at 127.0.0.1 of this machine that leads to `port` over there. */
  portTo(port: number): number;
  close(): Promise<void>;
}

/** A server that has many at once not yet logged in refuses some (sshd's MaxStartups): those may come again. */
const BUSY = /kex_exchange_identification|Connection (?:closed|reset) by/;
const ATTEMPTS = 4;

/**
 * One ssh for all `ports` at `host` of the engine's machine; resolves when they can be used.
 * @throws Error with what ssh said.
 */
export async function openTunnel(dockerHost: string, host: string, ports: number[]): Promise<Tunnel> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect(dockerHost, host, ports);
    } catch (error) {
      if (attempt === ATTEMPTS || !BUSY.test((error as Error).message)) throw error;
      await sleep(attempt * 300);
    }
  }
}

async function connect(dockerHost: string, host: string, ports: number[]): Promise<Tunnel> {
  const local = await freePorts(ports.length);
  const there = host.includes(':') ? `[${host}]` : host;
  const forwards = ports.flatMap((port, index) => ['-L', `127.0.0.1:${local[index]}:${there}:${port}`]);
  const ssh = spawn(
    'ssh',
    [
      ...sshOptions,
      // A connection that others share would keep the ways when this process has ended.
      ...['-T', '-o', 'ControlMaster=no', '-o', 'ControlPath=none', '-o', 'ExitOnForwardFailure=yes'],
      ...['-o', 'ServerAliveInterval=10', ...forwards, ...sshDestination(dockerHost)],
      'echo ready; exec cat',
    ],
    // Not in the terminal's group: Ctrl-C ends the load in order, and the tunnel after it.
    { detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let words = '';
  ssh.stderr.on('data', (chunk: Buffer) => {
    words += chunk;
  });
  ssh.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    ssh.once('close', () => resolve());
    ssh.once('error', (error) => {
      words += error.message;
      resolve();
    });
  });
  const isReady = await Promise.race([once(ssh.stdout, 'data').then(() => true), ended.then(() => false)]);
  if (!isReady) throw new Error(words.trim() || 'ssh ended without a word');
  return {
    portTo: (port) => local[ports.indexOf(port)] ?? port,
    close: async () => {
      ssh.stdin.end();
      ssh.kill();
      await ended;
    },
  };
}

/** Ports that are free now; ssh says so where one is not any more. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
