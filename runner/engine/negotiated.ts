/** What servers chose in the connections of a scenario. */
import type { TLSSocket } from 'node:tls';
import type { Negotiated } from './contract.ts';
import { keyTypeOf, peerCertificate } from './peer-certificate.ts';

export function noneNegotiated(): Negotiated {
  return {
    alpn: {},
    protocol: {},
    cipher: {},
    group: {},
    keyType: {},
    fingerprint: {},
    connections: 0,
    sessionsOffered: 0,
    sessionsReused: 0,
  };
}

/** Counts what the server chose. */
export function note(negotiated: Negotiated, socket: TLSSocket): void {
  negotiated.connections++;
  count(negotiated.alpn, socket.alpnProtocol || 'none');
  count(negotiated.protocol, socket.getProtocol() ?? 'unknown');
  count(negotiated.cipher, socket.getCipher().standardName);
  const ephemeral = socket.getEphemeralKeyInfo();
  const group = (ephemeral && 'name' in ephemeral && ephemeral.name) || 'none';
  count(negotiated.group, TLS_NAMES[group] ?? group);
  // Who resumes shows no certificate again (RFC 8446, 2.2).
  if (socket.isSessionReused()) {
    negotiated.sessionsReused++;
    return;
  }
  const certificate = peerCertificate(socket);
  const fingerprint = certificate?.fingerprint256.replaceAll(':', '').toLowerCase();
  count(negotiated.fingerprint, fingerprint ?? 'none');
  if (certificate !== undefined && fingerprint !== undefined) {
    count(negotiated.keyType, keyTypeOf(certificate, fingerprint));
  }
}

/** OpenSSL has names of its own for groups that a profile names as everybody does. */
const TLS_NAMES: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function count(seen: Record<string, number>, value: string): void {
  seen[value] = (seen[value] ?? 0) + 1;
}
