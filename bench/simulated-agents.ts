/**
 * What so many simulated agents cost, each with its own TLS connection, 30 s polls and 60 s heartbeats:
 *
 *     node bench/simulated-agents.ts [agents, 1000] [seconds, 60]
 *
 * The server beside, in a process of its own, has no work for them. The process is bundled as it is in a stack; its CPU
 * time is counted from one poll interval after its start on, when all agents have connected.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority } from '../fixtures/tls-init/authority.ts';
import { bundleFixture } from '../infra/bundle.ts';
import { cpuShare } from './process-cpu.ts';

const POLL_MS = 30_000;

if (process.argv[2] === 'server') await serve();
else await measure(Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 60));

/** Answers as a server without work does; says its port, then on each message how many connections it has. */
async function serve(): Promise<void> {
  const [, , , cert = '', key = ''] = process.argv;
  const server = createServer({
    cert: readFileSync(cert),
    key: readFileSync(key),
    keepAliveTimeout: 120_000,
  });
  let requests = 0;
  server.on('request', (request, response) => {
    requests += 1;
    request.resume();
    response.end(request.url?.endsWith('/work') ? '{"jobs":[],"count":0}' : '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.((server.address() as AddressInfo).port);
  process.on('message', () =>
    server.getConnections((_, connections) => process.send?.({ connections, requests })),
  );
  process.on('disconnect', () => process.exit(0));
}

async function measure(agents: number, seconds: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-agents-'));
  let server: ChildProcess | undefined;
  let process_: ChildProcess | undefined;
  try {
    const authority = await createAuthority();
    const { certificate, key } = await authority.issue('server', [{ type: 'ip', value: '127.0.0.1' }]);
    const files = { 'ca.crt': authority.certificate, 'server.crt': certificate, 'server.key': key };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text, { mode: 0o600 });
    server = fork(import.meta.filename, ['server', join(dir, 'server.crt'), join(dir, 'server.key')]);
    const [port] = (await once(server, 'message')) as [number];
    const script = join(dir, 'simulated-agent.mjs');
    writeFileSync(script, bundleFixture('simulated-agent/main.ts'));
    process_ = spawn(process.execPath, [script], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        CERTCTL_SERVER_URL: `https://127.0.0.1:${port}`,
        CERTCTL_API_KEY: 'none',
        CERTCTL_AGENT_ID: Array.from({ length: agents }, (_, index) => `agent-${index}`).join(),
        CERTCTL_KEY_DIR: join(dir, 'keys'),
        CERTCTL_SERVER_CA_BUNDLE_PATH: join(dir, 'ca.crt'),
        AGENT_POLL_INTERVAL_MS: String(POLL_MS),
      },
    });
    const { pid = 0 } = process_;
    await sleep(POLL_MS + 2000);
    const share = await cpuShare(pid, seconds * 1000);
    server.send('how many?');
    const [{ connections, requests }] = (await once(server, 'message')) as [
      { connections: number; requests: number },
    ];
    console.log(
      `${agents} agents: ${(share * 100).toFixed(1)} % of a core over ${seconds} s, ` +
        `${Math.round(rssBytes(pid) / 2 ** 20)} MiB resident, ${connections} TLS connections, ${requests} requests in all`,
    );
  } finally {
    process_?.kill();
    server?.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

function rssBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}
