/** Each rule: what trips it, and that nothing else is tripped by the same. */
import { beforeAll, expect, test } from 'vitest';
import type { RunResult, ScenarioResult } from '../../../../runner/engine/contract.ts';
import type { Health } from '../../../../runner/engine/health.ts';
import { loadProfile } from '../../../../runner/profiles/load.ts';
import { parseProfile } from '../../../../runner/profiles/parse.ts';
import type { Profile } from '../../../../runner/profiles/profile.ts';
import { judgeValidity } from '../../../../runner/result/validity/judge.ts';
import type { RuleName, RuleResult } from '../../../../runner/result/validity/rule.ts';
import { healthy, healthyScenarios, histogramOf, runOf, scenarioOf } from '../run-fixture.ts';

let smoke: Profile;
beforeAll(async () => {
  smoke = await loadProfile('smoke');
});

const broken = (rules: RuleResult[]) =>
  rules.filter(({ judged, ok }) => judged && !ok).map(({ rule }) => rule);
const find = (rules: RuleResult[], name: RuleName) =>
  rules.find(({ rule }) => rule === name) ?? expect.unreachable(`no rule ${name}`);

/** The healthy smoke run with one scenario changed. */
function changed(name: string, change: (scenario: ScenarioResult) => Partial<ScenarioResult>): RunResult {
  const scenarios = healthyScenarios().map((one) => (one.name === name ? { ...one, ...change(one) } : one));
  return runOf(scenarios);
}

function unwell(change: (health: Health) => void, run: RunResult = runOf(healthyScenarios())): RunResult {
  const health = healthy();
  change(health);
  return { ...run, health };
}

const apiLane = (health: Health) => health.lanes.api ?? expect.unreachable();
const seconds = (health: Health, change: { cpu?: number; cpuWait?: number | null }) => {
  apiLane(health).seconds = apiLane(health).seconds.map((one) => ({ ...one, ...change }));
};

test('a healthy run is VALID, and every rule has its value, its limit and what it is', () => {
  const { verdict, rules } = judgeValidity(smoke, runOf(healthyScenarios()));
  expect(verdict).toBe('VALID');
  expect(broken(rules)).toEqual([]);
  for (const { rule, value, limit, what, remedy, ok } of rules) {
    expect(what.length, rule).toBeGreaterThan(10);
    expect(remedy === null, rule).toBe(ok);
    if (!['cpu_throttled', 'drift', 'deploy_rows'].includes(rule))
      expect([value, limit], rule).not.toContain(null);
  }
});

test.each<[RuleName, string | null, (health: Health) => void]>([
  ['generator_cpu', 'api', (health) => seconds(health, { cpu: 0.71 })],
  ['cpu_wait', 'api', (health) => seconds(health, { cpuWait: 0.9 })],
  ['event_loop', 'api', (health) => Object.assign(apiLane(health), { loopDelay: histogramOf([11_000]) })],
  ['cpu_throttled', null, (health) => Object.assign(health, { throttled: 0.5 })],
  ['steal', null, (health) => Object.assign(health, { steal: 0.021 })],
  ['worker_deaths', null, (health) => health.deaths.push('the api worker died: out of memory')],
])('%s makes a run INVALID, by itself and with a remedy', (rule, of, change) => {
  const { verdict, rules } = judgeValidity(smoke, unwell(change));
  expect(verdict).toBe('INVALID');
  expect(broken(rules)).toEqual([rule]);
  expect(find(rules, rule)).toMatchObject({ of, judged: true, ok: false, remedy: expect.any(String) });
});

test('what the system does not tell is null and judges nothing', () => {
  const run = unwell((health) => {
    seconds(health, { cpuWait: null });
    for (const lane of Object.values(health.lanes)) for (const one of lane.seconds) one.cpuWait = null;
    Object.assign(health, { steal: null, throttled: null });
  });
  const { verdict, rules } = judgeValidity(smoke, run);
  expect(verdict).toBe('VALID');
  for (const name of ['cpu_wait', 'steal', 'cpu_throttled'] as const) {
    expect(find(rules, name)).toMatchObject({ value: null, judged: false, ok: true });
  }
});

test('send lag is held against a tenth of the smallest time that a threshold asks of the scenario', () => {
  const lagging = (us: number) =>
    changed('list_certificates', ({ trends }) => ({
      trends: { ...trends, send_lag: histogramOf(Array(975).fill(us)) },
    }));
  const late = judgeValidity(smoke, lagging(81_000));
  expect(broken(late.rules)).toEqual(['send_lag']);
  expect(find(late.rules, 'send_lag')).toMatchObject({ of: 'list_certificates', limit: 80 });
  expect(judgeValidity(smoke, lagging(79_000)).verdict).toBe('VALID');
  const noSlo = { ...smoke, thresholds: { error_rate: ['rate<0.01'] } };
  const unjudged = judgeValidity(noSlo, lagging(81_000));
  expect(find(unjudged.rules, 'send_lag')).toMatchObject({ limit: null, judged: false, ok: true });
});

test('what found no free VU is a breach of the subject where the generator was in bounds, else INVALID', () => {
  const drops = changed('list_certificates', () => {
    const { counts } = scenarioOf('x', Array(900).fill(20_000_000), { dropped: 75 });
    return { counts };
  });
  const slowSubject = judgeValidity(smoke, drops);
  expect(broken(slowSubject.rules)).toEqual([]);
  const starved = judgeValidity(
    smoke,
    unwell((health) => seconds(health, { cpu: 0.9 }), drops),
  );
  expect(broken(starved.rules)).toEqual(['generator_cpu', 'achieved', 'generator_drops']);
  expect(find(starved.rules, 'generator_drops')).toMatchObject({ of: 'list_certificates', value: 75 });
});

test('a slow subject with failures, timeouts and wrong answers is never INVALID', () => {
  const slow = Array(1000).fill(29_000_000);
  const run = changed('issuance_acceptance', () => ({
    ...scenarioOf('issuance_acceptance', slow, {
      completed: 0,
      failed: 900,
      failedByKind: { timeout: 500, http_5xx: 400 },
      unfinished: 100,
    }),
    trends: scenarioOf('x', slow).trends,
    statuses: { 500: 400 },
  }));
  expect(judgeValidity(smoke, run).verdict).toBe('VALID');
});

test('a maxVUs below rate x deadline is a fault of the profile', () => {
  const profile = parseProfile(
    `name: small
scenarios:
  list_certificates: { executor: ramping-arrival-rate, stages: [{ duration: 120s, target: 100 }], maxVUs: 2999 }
`,
    'small.yaml',
  );
  const run = runOf([scenarioOf('list_certificates', Array(6000).fill(5000))]);
  const { rules } = judgeValidity(profile, run);
  expect(broken(rules)).toEqual(['max_vus']);
  expect(find(rules, 'max_vus')).toMatchObject({ of: 'list_certificates', value: 2999, limit: 3000 });
});

/** 100 a second with a deadline of 1 s. */
const atOnce = (seconds: number, maxVUs: number, workers: number) =>
  find(
    judgeValidity(
      parseProfile(
        `name: some
workers: ${workers}
scenarios:
  list_certificates: { executor: constant-arrival-rate, rate: 100, duration: ${seconds}s, deadline: 1s, maxVUs: ${maxVUs} }
`,
        'some.yaml',
      ),
      runOf([scenarioOf('list_certificates', Array(seconds * 100).fill(5000))]),
    ).rules,
    'max_vus',
  );

test('maxVUs need not be more than there are arrivals', () => {
  expect(atOnce(0.5, 50, 1)).toMatchObject({ limit: 50, ok: true });
  expect(atOnce(0.5, 49, 1)).toMatchObject({ limit: 50, ok: false });
  expect(atOnce(0.5, 50, 3)).toMatchObject({ limit: 50, ok: true });
});

test('maxVUs are shared out among workers, of which each may need one more', () => {
  expect(atOnce(20, 100, 2)).toMatchObject({ limit: 100, ok: true });
  expect(atOnce(20, 100, 3)).toMatchObject({ limit: 102, ok: false });
  expect(atOnce(20, 102, 3).ok).toBe(true);
});

test('sockets that the system did not give to the generator are no fault of the subject', () => {
  const run = changed('nginx_handshake', () =>
    scenarioOf('nginx_handshake', Array(32).fill(6000), {
      completed: 29,
      failed: 3,
      failedByKind: { generator_exhausted: 3 },
    }),
  );
  const { rules } = judgeValidity(smoke, run);
  expect(broken(rules)).toEqual(['generator_exhausted']);
  expect(find(rules, 'generator_exhausted')).toMatchObject({
    ...{ of: 'nginx_handshake', value: 3, limit: 0 },
    remedy: expect.stringMatching(/ulimit -n.*ip_local_port_range/),
  });
});

test('a run that ended before its plan did', () => {
  const short = changed('issuance_acceptance', () => ({
    counts: scenarioOf('x', Array(500).fill(5000)).counts,
  }));
  const { rules } = judgeValidity(smoke, short);
  expect(broken(rules)).toEqual(['arrivals_due']);
  expect(find(rules, 'arrivals_due')).toMatchObject({ value: 0.5, limit: 1 });
});

test.each([
  ['rate_limited', (one: ScenarioResult) => ({ statuses: { ...one.statuses, 429: 1 } })],
  ['session_resumed', (one: ScenarioResult) => ({ negotiated: { ...one.negotiated, sessionsReused: 1 } })],
  [
    'certificate',
    (one: ScenarioResult) => ({ negotiated: { ...one.negotiated, fingerprint: { aa: 31, bb: 1 } } }),
  ],
] as const)('%s', (rule, change) => {
  const { rules } = judgeValidity(smoke, changed('apache_handshake', change));
  expect(broken(rules)).toEqual([rule]);
  expect(find(rules, rule)).toMatchObject({ of: 'apache_handshake', value: 1, limit: 0 });
});

test('the certificate is the one that was issued, where that is known', () => {
  const run = runOf(healthyScenarios());
  const served = 'ab'.repeat(32);
  expect(judgeValidity(smoke, run, { nginx: served }).verdict).toBe('VALID');
  const { rules } = judgeValidity(smoke, run, { nginx: 'cd'.repeat(32) });
  expect(find(rules, 'certificate')).toMatchObject({ of: 'nginx_handshake', value: 32, ok: false });
});

test('a certificate that is not trusted is another one, but for a target that was never trusted', () => {
  const untrusted = (completed: number) =>
    changed('nginx_handshake', () => {
      const times = Array(32).fill(6000);
      const counts = { completed, failed: 32 - completed };
      const one = scenarioOf('nginx_handshake', times, {
        ...counts,
        failedByKind: { untrusted_certificate: counts.failed },
      });
      const fingerprint: Record<string, number> = completed > 0 ? { ['ab'.repeat(32)]: completed } : {};
      return { ...one, negotiated: { ...one.negotiated, fingerprint } };
    });
  const swapped = judgeValidity(smoke, untrusted(20));
  expect(broken(swapped.rules)).toEqual(['certificate']);
  expect(find(swapped.rules, 'certificate')).toMatchObject({ of: 'nginx_handshake', value: 12, limit: 0 });
  expect(judgeValidity(smoke, untrusted(0)).verdict).toBe('VALID');
  const issued = judgeValidity(smoke, untrusted(0), { nginx: 'ab'.repeat(32) });
  expect(broken(issued.rules)).toEqual(['certificate']);
});

test('drift and few samples are reported and judge nothing', () => {
  const run = changed('list_certificates', ({ series: [point] }) => ({
    series: Array.from({ length: 40 }, (_, second) => ({
      ...(point ?? expect.unreachable()),
      second,
      p50: second + 10,
    })),
  }));
  const { verdict, rules } = judgeValidity(smoke, run);
  expect(verdict).toBe('VALID');
  expect(find(rules, 'drift')).toMatchObject({ of: 'list_certificates', ok: false, judged: false });
  // The medians of the first and the last ten seconds are 15 and 45 ms.
  expect(find(rules, 'drift').value).toBeCloseTo(2, 9);
  expect(find(rules, 'sample_count')).toMatchObject({ value: 32, limit: 459, ok: false, judged: false });
});

test('a closed executor has no plan to fall behind', () => {
  const profile = parseProfile(
    'name: closed\nscenarios:\n  list_certificates: { executor: constant-vus, vus: 2, duration: 5s }\n',
    'closed.yaml',
  );
  const { verdict, rules } = judgeValidity(profile, runOf([scenarioOf('list_certificates', [5000, 6000])]));
  expect(verdict).toBe('VALID');
  for (const name of ['send_lag', 'achieved', 'max_vus', 'arrivals_due'] as const) {
    expect(find(rules, name)).toMatchObject({ value: null, judged: false });
  }
});

test('a scenario that resumes sessions: resumed ones are right, refused ones are not', () => {
  const resuming = parseProfile(
    `name: resuming
scenarios:
  nginx_handshake: { executor: constant-arrival-rate, rate: 1, duration: 20s, maxVUs: 30, tls: { session: resume } }
`,
    'resuming.yaml',
  );
  const judged = (sessionsOffered: number, sessionsReused: number, connections = 20) => {
    const scenario = scenarioOf('nginx_handshake', Array(20).fill(1000));
    Object.assign(scenario.negotiated, { connections, sessionsOffered, sessionsReused });
    return judgeValidity(resuming, runOf([scenario])).rules;
  };
  expect(broken(judged(19, 19))).toEqual([]);
  expect(broken(judged(19, 12))).toEqual(['session_refused']);
  expect(find(judged(0, 0), 'session_refused')).toMatchObject({ of: 'nginx_handshake', value: 1, ok: false });
  expect(find(judged(0, 0, 1), 'session_refused')).toMatchObject({ value: null, judged: false, ok: true });
  expect(find(judged(19, 19), 'session_resumed')).toMatchObject({ value: null, judged: false });
});
