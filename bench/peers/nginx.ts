/** nginx with TLS on loopback, in a container on the host's network: what both generators are measured against. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { LABEL_STACK } from '../../infra/labels.ts';
import nginx from '../../infra/targets/nginx.ts';
import type { Endpoints } from '../../runner/engine/contract.ts';
import { projectRoot } from '../../runner/paths.ts';
import { endpointsAt, identity } from '../../test/support/https-server.ts';

/** An answer that list_certificates takes for one. */
const BODY = JSON.stringify({ data: [], total: 0, page: 1, per_page: 50 });
/** Two cores are left to the generator; where there are no more, one: it shall not take the second one too. */
const WORKERS = Math.max(1, cpus().length - 2);
const LOG_FORMAT = '$ssl_protocol $ssl_cipher $ssl_curve resumed=$ssl_session_reused';

/** One suite, so that both tools have the same. Connections are kept for ever. */
const config = (port: number) => `
user root;
worker_processes ${WORKERS};
pid /tmp/nginx.pid;
error_log stderr warn;
events { worker_connections 8192; }
http {
  log_format handshake '${LOG_FORMAT}';
  server {
    listen 127.0.0.1:${port} ssl backlog=4096;
    ssl_certificate /bench/server.crt;
    ssl_certificate_key /bench/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    default_type application/json;
    location / { access_log off; return 200 '${BODY}'; }
    location = / { access_log /dev/stdout handshake; return 200 'ok\\n'; }
  }
}
`;

export interface Nginx extends AsyncDisposable {
  port: number;
  endpoints: Endpoints;
  /** What each handshake negotiated that was followed by a GET of /, as nginx logged it, with its number. */
  handshakes(): Promise<Record<string, number>>;
}

export async function startNginx(): Promise<Nginx> {
  const { host, image } = await engine();
  const env = { DOCKER_HOST: host };
  const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), config(port));
  writeFileSync(join(folder, 'server.crt'), identity.cert);
  writeFileSync(join(folder, 'server.key'), identity.key);
  const { stdout: container } = await execa(
    'docker',
    [
      ...['create', '--network', 'host', '--label', `${LABEL_STACK}=bench-nginx-${process.pid}`],
      ...['--entrypoint', 'nginx', image, '-c', '/bench/nginx.conf', '-g', 'daemon off;'],
    ],
    { env },
  );
  const stop = async () => {
    await execa('docker', ['rm', '--force', container], { env });
    rmSync(folder, { recursive: true });
  };
  try {
    await execa('docker', ['cp', folder, `${container}:/bench`], { env });
    await execa('docker', ['start', container], { env });
    await listening(port);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    endpoints: endpointsAt(port),
    async handshakes() {
      const { stdout } = await execa('docker', ['logs', container], { env });
      const lines = Map.groupBy(stdout.split('\n').filter(Boolean), (line) => line);
      return Object.fromEntries([...lines].map(([line, all]) => [line, all.length]));
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** The engine that the bench uses, and an image with nginx on it. */
async function engine(): Promise<{ host: string; image: string }> {
  const { stdout } = await execa(process.execPath, ['runner/bench.mjs', 'setup', '--json'], {
    cwd: projectRoot,
    stderr: 'inherit',
  });
  const { engine, debianImage } = JSON.parse(stdout);
  return { host: engine.host, image: debianImage ?? nginx.image };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const socket = connect({ host: '127.0.0.1', port });
    const answered = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (answered) return;
    if (tries === 100) throw new Error('nginx does not listen after 10 s');
    await sleep(100);
  }
}
