/** Probes of a published port, from where the generator stands. */
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';

const PATIENCE_MS = 2000;

/** Defined once a TCP connection to `host:port` is accepted. */
export function isListening(address: string): Promise<string | undefined> {
  return connected(net.connect({ ...parsed(address), timeout: PATIENCE_MS }), 'connect');
}

/** Defined once a TLS handshake with `host:port` has come to its end, whatever the certificate. */
export function acceptsTls(address: string): Promise<string | undefined> {
  const socket = tls.connect({ ...parsed(address), timeout: PATIENCE_MS, rejectUnauthorized: false });
  return connected(socket, 'secureConnect');
}

function parsed(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(`tcp://${address}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function connected(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (answer: string | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once(event, () => end(''));
    socket.once('timeout', () => end(undefined));
    socket.once('error', () => end(undefined));
  });
}

/** Body of the answer to GET `url`, once it is 200; TLS is verified against `ca` for `servername`. */
export function answers(url: string, tls: { ca: string; servername: string }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { agent: false as const, timeout: PATIENCE_MS };
    const request = url.startsWith('https:')
      ? https.get(url, { ...options, ca: tls.ca, servername: tls.servername })
      : http.get(url, options);
    request.once('error', () => resolve(undefined));
    request.once('timeout', () => request.destroy());
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', () => resolve(undefined));
      response.once('end', () =>
        resolve(response.statusCode === 200 ? Buffer.concat(chunks).toString() : undefined),
      );
    });
  });
}
