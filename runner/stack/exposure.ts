/** What of a stack others can reach, to be told before it is made. */
import { isLoopback, isRemote } from '../../infra/engine/address.ts';

interface Exposed {
  dockerHost?: string;
  dockerCertPath?: string;
  bindAddress?: string;
  agent?: string;
}

/** One line for each thing that is open; none where all is on loopback. */
export function exposure({
  dockerHost = '',
  dockerCertPath = '',
  bindAddress = '127.0.0.1',
  agent = 'none',
}: Exposed): string[] {
  const lines: string[] = [];
  if (dockerHost.startsWith('tcp:') && isRemote(dockerHost) && dockerCertPath === '') {
    lines.push(
      `Warning: the engine at ${dockerHost} asks for no certificate: whoever reaches it is root there (--docker-cert-path names certificates).`,
    );
  }
  if (!isLoopback(bindAddress)) {
    lines.push(
      `Warning: ports are published at ${bindAddress}. certctl's API is protected by TLS and its key; the targets answer anybody, and their health pages without TLS.`,
    );
    // Who reads the rows of deployments gets to the database at a port of its own.
    if (agent !== 'none')
      lines.push(
        `Warning: with agents PostgreSQL is published at ${bindAddress} too, without TLS: its password protects it, and what is read is not encrypted.`,
      );
  }
  return lines;
}
