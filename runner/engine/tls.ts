/** TLS connections, with the times and facts that a measurement needs. */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Clock } from './clock.ts';
import type { Endpoints, Negotiated, TargetEndpoint } from './contract.ts';
import type { Exchange } from './exchange.ts';

/**
 * Offered groups, best first. OpenSSL 3.5 would offer X25519MLKEM768 first, which costs both sides more; P-256
 * must be there for ECDSA certificates on TLS 1.2.
 */
export const GROUPS = 'X25519:P-256';

/** One for all connections of a lane: making one for each costs a fifth of a handshake. */
export function trust({ ca, insecure = false }: Pick<Endpoints, 'ca' | 'insecure'>): Trust {
  const secureContext = createSecureContext({ ...(ca !== undefined && { ca }), ecdhCurve: GROUPS });
  return { secureContext, rejectUnauthorized: !insecure };
}

/** Options of `tls.connect`. */
export interface Trust {
  secureContext: SecureContext;
  rejectUnauthorized: boolean;
}

export function noneNegotiated(): Negotiated {
  return {
    alpn: {},
    protocol: {},
    cipher: {},
    group: {},
    keyType: {},
    fingerprint: {},
    connections: 0,
    sessionsReused: 0,
  };
}

/**
 * Opens a verified TLS connection for the exchange and stamps dial, connected and secured. Sessions are never
 * kept (`tls.connect` alone has no session cache, unlike https.Agent and undici's own connector), so every
 * handshake is a full one. HTTP/1.1 only.
 */
export function openTls(endpoint: TargetEndpoint, trust: Trust, exchange: Exchange, clock: Clock): TLSSocket {
  const { host, port, servername } = endpoint;
  const socket = connect({ host, port, servername: sni(servername), ...trust, ALPNProtocols: ['http/1.1'] });
  socket.setNoDelay(true);
  // Node connects in the next tick, or after the lookup: making the socket object is not in the connect time.
  exchange.dialNs = clock();
  socket.once('lookup', () => {
    exchange.dialNs = clock();
  });
  socket.once('connect', () => {
    exchange.connectedNs = clock();
  });
  socket.once('secureConnect', () => {
    exchange.securedNs = clock();
  });
  return socket;
}

/** An address is no name for SNI (RFC 6066, 3). */
function sni(servername: string): string {
  return isIP(servername) === 0 ? servername : '';
}

/** Counts what the server chose. */
export function note(negotiated: Negotiated, socket: TLSSocket): void {
  negotiated.connections++;
  if (socket.isSessionReused()) negotiated.sessionsReused++;
  count(negotiated.alpn, socket.alpnProtocol || 'none');
  count(negotiated.protocol, socket.getProtocol() ?? 'unknown');
  count(negotiated.cipher, socket.getCipher().standardName);
  const ephemeral = socket.getEphemeralKeyInfo();
  count(negotiated.group, (ephemeral && 'name' in ephemeral && ephemeral.name) || 'none');
  const certificate = socket.getPeerX509Certificate();
  const fingerprint = certificate?.fingerprint256.replaceAll(':', '').toLowerCase();
  count(negotiated.fingerprint, fingerprint ?? 'none');
  if (certificate !== undefined && fingerprint !== undefined) {
    count(negotiated.keyType, keyTypeOf(certificate, fingerprint));
  }
}

/** Reading a key takes longer than all the rest of what is noted: once for each certificate. */
const keyTypes = new Map<string, string>();

function keyTypeOf(certificate: X509Certificate, fingerprint: string): string {
  let known = keyTypes.get(fingerprint);
  if (known === undefined) {
    const { asymmetricKeyType = 'unknown', asymmetricKeyDetails = {} } = certificate.publicKey;
    const { namedCurve, modulusLength } = asymmetricKeyDetails;
    known = [asymmetricKeyType, namedCurve ?? modulusLength].filter((part) => part !== undefined).join(' ');
    // A server that shows ever new certificates shall not fill the memory.
    if (keyTypes.size > 100) keyTypes.clear();
    keyTypes.set(fingerprint, known);
  }
  return known;
}

function count(seen: Record<string, number>, value: string): void {
  seen[value] = (seen[value] ?? 0) + 1;
}
