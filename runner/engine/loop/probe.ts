/** Which certificate a site shows: a fresh handshake, and nothing more. */
import { connect, type SecureContext } from 'node:tls';
import type { TargetEndpoint } from '../contract.ts';

const TIMEOUT_MS = 2000;

/**
 * SHA-256 of the certificate that is shown for the name, lowercase hex; undefined where there was no handshake. Whose
 * signature it has does not matter: it is compared with what was issued.
 */
export function shownCertificate(
  { host, port }: Pick<TargetEndpoint, 'host' | 'port'>,
  servername: string,
  secureContext: SecureContext,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, servername, secureContext, rejectUnauthorized: false });
    const end = (fingerprint?: string) => {
      socket.destroy();
      resolve(fingerprint);
    };
    socket.setTimeout(TIMEOUT_MS, () => end());
    socket.once('error', () => end());
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      end(certificate?.fingerprint256.replaceAll(':', '').toLowerCase());
    });
  });
}
