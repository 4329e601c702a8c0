import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { pathTo, socketName } from '../../../runner/generator/path.ts';

async function listener(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

it('who accepts in this network namespace is a proxy: a container would accept in its own', async () => {
  expect(await pathTo('127.0.0.1', await listener(), 'unix:///docker.sock')).toBe('docker-proxy');
});

it('to another machine it leads over the network', async () => {
  expect(await pathTo('192.0.2.7', 8443, 'tcp://192.0.2.7:2376')).toBe('network');
});

it('what cannot be found out is not guessed', async () => {
  expect(await pathTo('::1', 8443, '')).toBe('not measured');
  expect(await pathTo('127.0.0.1', 1, '')).toBe('not measured');
});

it('sockets are named as the kernel does', () => {
  expect(socketName('127.0.0.1', 8080)).toBe('0100007F:1F90');
});
