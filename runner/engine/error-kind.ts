/** From an error of Node, OpenSSL or undici to the kind under which it is counted. */
import type { ErrorKind } from './contract.ts';

/** Why an arrival failed. */
export interface Failure {
  kind: ErrorKind;
  message: string;
}

/** By error code, in order; the first that matches. */
const KINDS: [RegExp, ErrorKind][] = [
  [/^ECONNREFUSED$/, 'connect_refused'],
  [/^ETIMEDOUT$/, 'connect_timeout'],
  [/^SESSION_RESUMED$/, 'session_resumed'],
  [/^(EMFILE|ENFILE|EADDRNOTAVAIL|ENOBUFS)$/, 'generator_exhausted'],
  // Of HTTP/2 too: a stream or its connection that was closed (undici tells some of these as information).
  [/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_INFO|ERR_HTTP2_\w+)$/, 'reset'],
  [/^(HPE_|UND_ERR_RES_CONTENT_LENGTH_MISMATCH$|UND_ERR_RES_EXCEEDED_MAX_SIZE$)/, 'bad_body'],
  // The codes of certificate verification (X509_V_ERR_…), and Node's check of the name.
  [/^(CERT_|CRL_|UNABLE_TO_|ERROR_IN_(CERT|CRL)_|SELF_SIGNED_|DEPTH_ZERO_)/, 'untrusted_certificate'],
  [/^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/, 'untrusted_certificate'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'untrusted_certificate'],
  // Node's own TLS errors, and OpenSSL's.
  [/^(ERR_TLS_|ERR_SSL_|EPROTO$)/, 'tls'],
];

export function failureOf(error: unknown): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' && message !== '' ? message : String(code ?? error);
  const kind = KINDS.find(([pattern]) => pattern.test(String(code)))?.[1];
  return { kind: kind ?? 'other', message: text };
}

/** An answer that has another status than the one that is right. */
export function statusFailure(status: number, right: number): Failure | undefined {
  if (status === right) return undefined;
  const message = `status ${status}, right is ${right}`;
  if (status >= 400 && status < 500) return { kind: 'http_4xx', message };
  if (status >= 500 && status < 600) return { kind: 'http_5xx', message };
  return { kind: 'other', message };
}
