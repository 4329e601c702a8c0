/** vegeta, built from its Go module at the version and with the checksums of bench/peers/vegeta/. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { SERVERNAME } from '../../test/support/https-server.ts';

export interface Attack {
  port: number;
  path: string;
  /** PEM of the only CA that is trusted. */
  ca: string;
  rate: number;
  seconds: number;
  /** A fresh connection with a full handshake for each request. */
  handshakes?: boolean;
  maxWorkers?: number;
  /** Without a limit a cold start at thousands a second opens a connection for each of them, and never comes to its answers. */
  maxConnections?: number;
}

export interface Attacked {
  requests: number;
  success: number;
  errors: string[];
  /** Of its latencies, in ms. */
  p50: number;
  p99: number;
  max: number;
}

export interface Vegeta extends Disposable {
  /** Starts an attack; `onPid` is told the process at once. */
  attack(attack: Attack, onPid?: (pid: number) => void): Promise<Attacked>;
}

const NS_PER_MS = 1e6;

export async function buildVegeta(): Promise<Vegeta> {
  const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-vegeta-'));
  const binary = join(folder, 'vegeta');
  await execa('go', ['build', '-trimpath', '-o', binary, 'github.com/tsenart/vegeta/v12'], {
    cwd: join(import.meta.dirname, 'vegeta'),
    env: { CGO_ENABLED: '0', GOWORK: 'off' },
  });
  return {
    async attack({ port, path, ca, rate, seconds, handshakes = false, maxWorkers, maxConnections }, onPid) {
      const targets = join(folder, 'targets');
      const results = join(folder, 'results');
      const caFile = join(folder, 'ca.crt');
      writeFileSync(caFile, ca);
      writeFileSync(targets, `GET https://${SERVERNAME}:443${path}\n`);
      const attack = execa(
        binary,
        [
          ...['attack', '-targets', targets, '-output', results, '-root-certs', caFile, '-http2=false'],
          ...['-connect-to', `${SERVERNAME}:443:127.0.0.1:${port}`, '-rate', `${rate}/s`],
          ...['-duration', `${seconds}s`, `-keepalive=${!handshakes}`],
          ...(maxWorkers === undefined ? [] : ['-max-workers', String(maxWorkers)]),
          ...(maxConnections === undefined ? [] : ['-max-connections', String(maxConnections)]),
        ],
        // Go would offer X25519MLKEM768 with a key share of its own; this bench offers X25519, and so shall vegeta.
        { env: { GODEBUG: 'tlsmlkem=0' } },
      );
      onPid?.(attack.pid ?? 0);
      await attack;
      const { stdout } = await execa(binary, ['report', '-type', 'json', results]);
      const { requests, success, errors, latencies } = JSON.parse(stdout);
      return {
        requests,
        success,
        errors,
        p50: latencies['50th'] / NS_PER_MS,
        p99: latencies['99th'] / NS_PER_MS,
        max: latencies.max / NS_PER_MS,
      };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
