/** Rules about the handshakes: that they were full ones, with the certificate that was issued. */
import { targetType } from '../../profiles/scenario-kind.ts';
import type { Evidence, Rule } from './rule.ts';

const handshakes = ({ profile, result }: Evidence) =>
  Object.values(result.scenarios).flatMap((scenario) => {
    const target = targetType(profile, scenario.name);
    return target === undefined ? [] : [{ ...scenario, target }];
  });

export const sessionResumed: Rule = {
  rule: 'session_resumed',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'TLS sessions that were resumed in a scenario of full handshakes',
  remedy: 'something between generator and target resumes sessions: measure the target itself',
  findings: (evidence) =>
    handshakes(evidence).map(({ name, negotiated, counts }) => ({
      of: name,
      value: Math.max(negotiated.sessionsReused, counts.failedByKind.session_resumed ?? 0),
      limit: 0,
    })),
};

export const certificate: Rule = {
  rule: 'certificate',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'handshakes with another certificate than the one that was issued; where that is unknown, than the most frequent one',
  remedy: 'the certificate of the target was changed: measure again with one certificate',
  findings: (evidence) =>
    handshakes(evidence).map(({ name, negotiated, target }) => {
      const seen = Object.entries(negotiated.fingerprint);
      const total = seen.reduce((sum, [, times]) => sum + times, 0);
      const issued = evidence.issued[target];
      const right =
        issued === undefined
          ? Math.max(0, ...seen.map(([, times]) => times))
          : (negotiated.fingerprint[issued] ?? 0);
      return { of: name, value: total - right, limit: 0 };
    }),
};
