/** Rules about the handshakes: that they were those that were asked for, with the certificate that was issued. */
import type { Negotiated } from '../../engine/contract.ts';
import type { SessionPolicy } from '../../plan/tls-policy.ts';
import { targetType } from '../../profiles/scenario-kind.ts';
import type { Evidence, Rule } from './rule.ts';

/** A target may give up its keys once in a while. */
const MAX_REFUSED = 0.01;

const handshakes = ({ profile, result }: Evidence) =>
  Object.values(result.scenarios).flatMap((scenario) => {
    const target = targetType(profile, scenario.name);
    const session = profile.scenarios[scenario.name]?.tls?.session ?? 'full';
    return target === undefined ? [] : [{ ...scenario, target, session }];
  });
const of = (policy: SessionPolicy, evidence: Evidence) =>
  handshakes(evidence).filter(({ session }) => session === policy);

export const sessionResumed: Rule = {
  rule: 'session_resumed',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'TLS sessions that were resumed in a scenario of full handshakes',
  remedy: 'something between generator and target resumes sessions: measure the target itself',
  findings: (evidence) =>
    of('full', evidence).map(({ name, negotiated, counts }) => ({
      of: name,
      value: Math.max(negotiated.sessionsReused, counts.failedByKind.session_resumed ?? 0),
      limit: 0,
    })),
};

export const sessionRefused: Rule = {
  rule: 'session_refused',
  unit: 'ratio',
  judged: true,
  holds: 'at most',
  what: 'connections that offered a session and were not resumed, in a scenario that resumes; all where the target gave none',
  remedy: 'the target does not resume sessions: turn that on there, or measure full handshakes',
  applies: (evidence) => of('resume', evidence).length > 0,
  findings: (evidence) =>
    of('resume', evidence).map(({ name, negotiated }) => ({
      of: name,
      value: refused(negotiated),
      limit: MAX_REFUSED,
    })),
};

/** Of one connection nothing can be said: it had no session to offer. */
function refused({ connections, sessionsOffered, sessionsReused }: Negotiated): number | null {
  if (connections < 2) return null;
  return sessionsOffered === 0 ? 1 : 1 - sessionsReused / sessionsOffered;
}

export const certificate: Rule = {
  rule: 'certificate',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'handshakes with another certificate than the one that was issued, trusted or not; where that is unknown, than the most frequent one',
  remedy: 'the certificate of the target was changed: measure again with one certificate',
  findings: (evidence) =>
    handshakes(evidence).map(({ name, negotiated, counts, target }) => {
      const seen = Object.entries(negotiated.fingerprint);
      const total = seen.reduce((sum, [, times]) => sum + times, 0);
      const issued = evidence.issued[target];
      const right =
        issued === undefined
          ? Math.max(0, ...seen.map(([, times]) => times))
          : (negotiated.fingerprint[issued] ?? 0);
      const untrusted = counts.failedByKind.untrusted_certificate ?? 0;
      // Never trusted, and nobody knows what it should be: the CA may be the wrong one. Its failures say so.
      const isUnknown = issued === undefined && total === 0;
      return { of: name, value: isUnknown ? null : total - right + untrusted, limit: 0 };
    }),
};
