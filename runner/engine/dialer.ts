/** TLS connections of a scenario, with the times and facts that a measurement needs. */
import { isIP, type OnReadOpts } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';
import { CIPHER_SUITES, type TlsPolicy, type TlsVersion } from '../plan/tls-policy.ts';
import type { Clock } from './clock.ts';
import type { Endpoints, Negotiated, TargetEndpoint } from './contract.ts';
import type { Exchange } from './exchange.ts';
import { note } from './negotiated.ts';
import { identityProblem, notDecoded } from './peer-certificate.ts';

/** What is asked of the version of HTTP: of these one is offered, and no other is spoken. */
export type Alpn = 'http/1.1' | 'h2';

export interface DialerOptions {
  trusted: Pick<Endpoints, 'ca' | 'insecure'>;
  policy: TlsPolicy;
  alpn: Alpn;
  clock: Clock;
  negotiated: Negotiated;
}

export class Dialer {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #negotiated: Negotiated;
  readonly #resumes: boolean;
  /** The newest that the server gave. */
  #session: Buffer | undefined;

  /** @throws where OpenSSL does not know what the policy names */
  constructor({ trusted, policy, alpn, clock, negotiated }: DialerOptions) {
    const { ca, insecure = false } = trusted;
    const { versions, cipherSuites, groups, session } = policy;
    this.#options = {
      // One for all connections: making one for each costs a fifth of a handshake.
      secureContext: createSecureContext({
        ...(ca !== undefined && { ca }),
        ...(cipherSuites && { ciphers: cipherSuites.map((suite) => CIPHER_SUITES[suite].openssl).join(':') }),
        ecdhCurve: groups.join(':'),
        minVersion: nodesName(versions[0]),
        maxVersion: nodesName(versions.at(-1)),
      }),
      rejectUnauthorized: !insecure,
      ALPNProtocols: [alpn],
    };
    this.#clock = clock;
    this.#negotiated = negotiated;
    this.#resumes = session === 'resume';
  }

  /**
   * Opens a verified TLS connection for the exchange and stamps dial, connected and secured. Without a session that
   * is offered, which is the policy's choice, every handshake is a full one: `tls.connect` alone keeps none, unlike
   * https.Agent and undici's own connector.
   *
   * @param onread as of `net.connect`: what comes is read into one buffer, without a stream in between
   */
  dial({ host, port, servername }: TargetEndpoint, exchange: Exchange, onread?: OnReadOpts): TLSSocket {
    const clock = this.#clock;
    const offered = this.#session && { session: this.#session };
    // `tls.connect` hands `onread` on; its types do not say so.
    const options: ConnectionOptions & { onread?: OnReadOpts } = {
      ...this.#options,
      host,
      port,
      servername: sni(servername),
      checkServerIdentity: (hostname) => identityProblem(hostname, socket),
      ...offered,
      ...(onread && { onread }),
    };
    const socket = connect(options);
    socket.getPeerCertificate = notDecoded;
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
      if (offered) this.#negotiated.sessionsOffered++;
    });
    if (this.#resumes) {
      socket.on('session', (session) => {
        this.#session = session;
      });
    }
    return socket;
  }

  /** Counts what was negotiated. It takes a while: to be called when the server works. */
  note(socket: TLSSocket): void {
    note(this.#negotiated, socket);
  }

  /** Whether a session was resumed that the policy does not offer. */
  isResumed(socket: TLSSocket): boolean {
    return !this.#resumes && socket.isSessionReused();
  }
}

function nodesName(version: TlsVersion | undefined): SecureVersion {
  return version === '1.2' ? 'TLSv1.2' : 'TLSv1.3';
}

/** An address is no name for SNI (RFC 6066, 3). */
function sni(servername: string): string {
  return isIP(servername) === 0 ? servername : '';
}
