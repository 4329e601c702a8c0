/** What the servers of a stack say they saw: the other side of a summary. */
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { Agent, request } from 'undici';
import type { BenchContract } from '../../../infra/outputs.ts';
import type { TargetName } from '../../../infra/targets.ts';
import type { Engine } from '../../../runner/setup/engine.ts';
import { docker } from './engine.ts';

/** One line of a target's access log. */
export interface AccessLine {
  method: string;
  path: string;
  status: number;
  protocol: string;
  cipher: string;
  session_reused: boolean;
}

/** The access log among what the container printed. */
export async function accessLog(engine: Engine, container: string): Promise<AccessLine[]> {
  const lines = await docker(engine, 'logs', container);
  return lines.filter((line) => line.includes('"session_reused"')).map((line) => JSON.parse(line));
}

/** The stand-in's counts of requests, by route. */
export async function standInRoutes({ certctl, ca }: BenchContract): Promise<Record<string, unknown>> {
  const dispatcher = new Agent({ connect: { ca, servername: certctl.servername } });
  try {
    const { body } = await request(`${certctl.url}/stand-in/stats`, { dispatcher });
    const { routes } = (await body.json()) as { routes: Record<string, unknown> };
    return routes;
  } finally {
    await dispatcher.close();
  }
}

/** Rows of certctl's table of certificates. */
export async function certificateRows(engine: Engine, postgres: string): Promise<number> {
  const sql = 'SELECT count(*) FROM managed_certificates';
  // By TCP: where the socket lies differs between the images.
  const psql =
    'PGPASSWORD=$POSTGRES_PASSWORD psql -h 127.0.0.1 -U "$POSTGRES_USER" -At "$POSTGRES_DB" -c "$0"';
  const [count] = await docker(engine, 'exec', postgres, 'sh', '-c', psql, sql);
  return Number(count);
}

/** SHA-256 of the certificate that a target serves, as the summary writes it. */
export function servedFingerprint({ targets, ca }: BenchContract, target: TargetName): Promise<string> {
  const { host, port, servername } = targets[target];
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername, ca }, () => {
      const certificate = socket.getPeerCertificate() as DetailedPeerCertificate;
      socket.destroy();
      resolve(certificate.fingerprint256.replaceAll(':', '').toLowerCase());
    });
    socket.once('error', reject);
  });
}
