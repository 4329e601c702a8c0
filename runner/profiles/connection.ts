/** How a scenario connects: its version of HTTP, and what it offers in TLS. */
import { z } from 'zod';
import {
  CERTIFICATE_GROUPS,
  CIPHER_SUITES,
  type CipherSuite,
  GROUPS,
  HYBRID_GROUPS,
  SESSION_POLICIES,
  type TlsChoice,
} from '../plan/tls-policy.ts';
import { strict } from './fields.ts';

const suites = Object.keys(CIPHER_SUITES) as [CipherSuite, ...CipherSuite[]];

const tls = strict({
  version: z.literal([1.2, 1.3]).optional().describe('The only one that is offered; both where absent.'),
  cipherSuites: z
    .array(z.enum(suites))
    .min(1, 'needs at least one suite')
    .optional()
    .describe("IANA names, best first; OpenSSL's own where absent. Without version, theirs are offered."),
  groups: z
    .array(z.enum(GROUPS))
    .min(1, 'needs at least one group')
    .optional()
    .describe('Groups of the key exchange, best first; X25519, P-256 where absent.'),
  session: z
    .enum(SESSION_POLICIES)
    .optional()
    .describe(
      'full, where absent: each connection makes a full handshake; resume: each offers the newest session.',
    ),
}).superRefine((choice, context) => {
  for (const { path, message } of contradictions(choice))
    context.addIssue({ code: 'custom', path: [...path], message });
});

export const connection = {
  httpVersion: z
    .literal([1.1, 2])
    .optional()
    .describe('HTTP/1.1 where absent; 2 for calls of the API only. A server without it fails the arrival.'),
  tls: tls.optional().describe('What is offered in each handshake.'),
};

/** What no server could agree to, or none with an ECDSA certificate. */
function contradictions({ version, cipherSuites, groups }: TlsChoice) {
  const ofSuites = (cipherSuites ?? []).flatMap((suite, index) => {
    const its = CIPHER_SUITES[suite].version;
    return version === undefined || its === `${version}`
      ? []
      : [{ path: ['cipherSuites', index], message: `is of TLS ${its}, and version is ${version}` }];
  });
  if (version !== 1.2 || groups === undefined) return ofSuites;
  const hybrid = groups.flatMap((group, index) =>
    HYBRID_GROUPS.some((one) => one === group)
      ? [{ path: ['groups', index], message: 'is of TLS 1.3, and version is 1.2' }]
      : [],
  );
  const onlyRsa = cipherSuites?.every((suite) => suite.startsWith('TLS_ECDHE_RSA_')) ?? false;
  const hasCurve = groups.some((group) => CERTIFICATE_GROUPS.some((one) => one === group));
  if (onlyRsa || hasCurve) return [...ofSuites, ...hybrid];
  const message =
    'on TLS 1.2 the curve of an ECDSA certificate must be listed too: add P-256, or name suites of TLS_ECDHE_RSA_ only';
  return [...ofSuites, ...hybrid, { path: ['groups'], message }];
}
