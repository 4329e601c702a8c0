/** What a scenario offers in its TLS handshakes. */

export const TLS_VERSIONS = ['1.2', '1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/**
 * The suites with forward secrecy and authenticated encryption (RFC 8446, B.4; RFC 9325, 4.2), by their IANA names:
 * what they belong to, and what OpenSSL calls them.
 */
export const CIPHER_SUITES = {
  TLS_AES_128_GCM_SHA256: { version: '1.3', openssl: 'TLS_AES_128_GCM_SHA256' },
  TLS_AES_256_GCM_SHA384: { version: '1.3', openssl: 'TLS_AES_256_GCM_SHA384' },
  TLS_CHACHA20_POLY1305_SHA256: { version: '1.3', openssl: 'TLS_CHACHA20_POLY1305_SHA256' },
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: { version: '1.2', openssl: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: { version: '1.2', openssl: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: { version: '1.2', openssl: 'ECDHE-ECDSA-CHACHA20-POLY1305' },
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: { version: '1.2', openssl: 'ECDHE-RSA-AES128-GCM-SHA256' },
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: { version: '1.2', openssl: 'ECDHE-RSA-AES256-GCM-SHA384' },
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: { version: '1.2', openssl: 'ECDHE-RSA-CHACHA20-POLY1305' },
} as const satisfies Record<string, { version: TlsVersion; openssl: string }>;
export type CipherSuite = keyof typeof CIPHER_SUITES;

/** Curves that certificates can have too, which TLS 1.2 takes from the same list (RFC 8422, 5.1.1). */
export const CERTIFICATE_GROUPS = ['P-256', 'P-384', 'P-521'] as const;
/** Of TLS 1.3 only (draft-ietf-tls-ecdhe-mlkem). */
export const HYBRID_GROUPS = ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'] as const;
export const GROUPS = ['X25519', 'X448', ...CERTIFICATE_GROUPS, ...HYBRID_GROUPS] as const;
export type Group = (typeof GROUPS)[number];

/** `full`: each connection makes a full handshake. `resume`: each offers the newest session that the server gave. */
export const SESSION_POLICIES = ['full', 'resume'] as const;
export type SessionPolicy = (typeof SESSION_POLICIES)[number];

/** As a profile says it. */
export interface TlsChoice {
  version?: 1.2 | 1.3 | undefined;
  cipherSuites?: CipherSuite[] | undefined;
  groups?: Group[] | undefined;
  session?: SessionPolicy | undefined;
}

/** All that is offered. */
export interface TlsPolicy {
  versions: TlsVersion[];
  /** Best first; null: those that OpenSSL offers by itself. */
  cipherSuites: CipherSuite[] | null;
  /** Best first. */
  groups: Group[];
  session: SessionPolicy;
}

/**
 * OpenSSL 3.5 would offer X25519MLKEM768 first, which costs both sides more; P-256 must be there for ECDSA
 * certificates on TLS 1.2.
 */
const DEFAULT_GROUPS: Group[] = ['X25519', 'P-256'];

export function tlsPolicyOf({ version, cipherSuites, groups, session }: TlsChoice = {}): TlsPolicy {
  return {
    versions: version === undefined ? versionsOf(cipherSuites) : [`${version}`],
    cipherSuites: cipherSuites ?? null,
    groups: groups ?? DEFAULT_GROUPS,
    session: session ?? 'full',
  };
}

/** Where suites are named, those that they are of: a version without a suite would bring OpenSSL's own. */
function versionsOf(suites: CipherSuite[] | undefined): TlsVersion[] {
  if (suites === undefined) return [...TLS_VERSIONS];
  return TLS_VERSIONS.filter((version) => suites.some((suite) => CIPHER_SUITES[suite].version === version));
}
