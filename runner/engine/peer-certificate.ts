/** The certificate of a server, with as little work a connection as its facts allow. */
import type { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';

/** A server that shows ever new certificates shall not fill the memory. */
const MOST_CERTIFICATES = 100;

const certificates = new WeakMap<TLSSocket, X509Certificate | undefined>();

/** Node takes it off the connection's chain: asked a second time it would have none. */
export function peerCertificate(socket: TLSSocket): X509Certificate | undefined {
  if (!certificates.has(socket)) certificates.set(socket, socket.getPeerX509Certificate());
  return certificates.get(socket);
}

/**
 * In place of a socket's `getPeerCertificate`: Node decodes the whole chain into plain objects for the check of the
 * name, which takes a sixth of a handshake's CPU, and `identityProblem` wants none of it.
 */
export const notDecoded = () => ({}) as DetailedPeerCertificate;

/** Which certificates were accepted for which names. */
const accepted = new Set<string>();

/** Node's own check of the name, once for each certificate and name; the chain is verified in every handshake. */
export function identityProblem(hostname: string, socket: TLSSocket): Error | undefined {
  const certificate = peerCertificate(socket);
  const key = `${certificate?.fingerprint256} ${hostname}`;
  if (accepted.has(key)) return undefined;
  const problem = checkServerIdentity(hostname, certificate?.toLegacyObject() ?? notDecoded());
  if (accepted.size > MOST_CERTIFICATES) accepted.clear();
  if (problem === undefined) accepted.add(key);
  return problem;
}

/** Reading a key takes longer than all the rest of what is noted: once for each certificate. */
const keyTypes = new Map<string, string>();

/** Algorithm and size or curve. */
export function keyTypeOf(certificate: X509Certificate, fingerprint: string): string {
  let known = keyTypes.get(fingerprint);
  if (known === undefined) {
    const { asymmetricKeyType = 'unknown', asymmetricKeyDetails = {} } = certificate.publicKey;
    const { namedCurve, modulusLength } = asymmetricKeyDetails;
    known = [asymmetricKeyType, namedCurve ?? modulusLength].filter((part) => part !== undefined).join(' ');
    if (keyTypes.size > MOST_CERTIFICATES) keyTypes.clear();
    keyTypes.set(fingerprint, known);
  }
  return known;
}
