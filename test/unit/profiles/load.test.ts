import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../../../runner/errors.ts';
import type { ScenarioConfig } from '../../../runner/profiles/executors.ts';
import { knownProfiles, loadProfile } from '../../../runner/profiles/load.ts';
import { parseOverride } from '../../../runner/profiles/override.ts';
import { parseProfile } from '../../../runner/profiles/parse.ts';
import { profileSchema } from '../../../runner/profiles/profile.ts';

const refusal = (text: string): string => {
  try {
    parseProfile(text, 'mine.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  return expect.unreachable('the profile was accepted');
};

/** The bundled profiles have one executor. */
function constant(config: ScenarioConfig | undefined) {
  return config?.executor === 'constant-arrival-rate' ? config : expect.unreachable();
}

const minimal = `name: mine
scenarios:
  list_certificates: { executor: constant-arrival-rate, rate: 1, duration: 1s, maxVUs: 30 }
`;

test('every bundled profile loads and is named like its file', async () => {
  const names = await knownProfiles();
  expect(names).toEqual(['baseline', 'deploy-baseline', 'deploy-smoke', 'smoke']);
  for (const name of names) expect((await loadProfile(name)).name).toBe(name);
});

test("baseline is the old harness's load and limits", async () => {
  const { scenarios, thresholds } = await loadProfile('baseline');
  const load = Object.entries(scenarios).map(([name, config]) => {
    const { rate, timeUnit, duration, startTime } = constant(config);
    return [name, rate, timeUnit, duration, startTime].join(' ');
  });
  expect(load).toEqual([
    'issuance_acceptance 50 1000 300000 0',
    'list_certificates 50 1000 300000 5000',
    'nginx_handshake 100 60000 300000 10000',
    'apache_handshake 100 60000 300000 10000',
    'haproxy_handshake 100 60000 300000 10000',
    'f5_handshake 100 60000 300000 10000',
  ]);
  expect(thresholds).toEqual({
    'response_time{scenario:issuance_acceptance}': ['p(95)<2000', 'p(99)<5000'],
    'response_time{scenario:list_certificates}': ['p(95)<800', 'p(99)<2000'],
    'response_time{scenario:nginx_handshake}': ['p(95)<1000', 'p(99)<3000'],
    'response_time{scenario:apache_handshake}': ['p(95)<1000', 'p(99)<3000'],
    'response_time{scenario:haproxy_handshake}': ['p(95)<1000', 'p(99)<3000'],
    'response_time{scenario:f5_handshake}': ['p(95)<1500', 'p(99)<5000'],
    error_rate: ['rate<0.01'],
    dropped_iterations: ['count==0'],
  });
});

test('no bundled profile can drop an arrival before a deadline has passed', async () => {
  for (const name of await knownProfiles()) {
    for (const config of Object.values((await loadProfile(name)).scenarios)) {
      const { rate, timeUnit, deadline, maxVUs } = constant(config);
      expect(maxVUs).toBeGreaterThan((rate / timeUnit) * deadline);
    }
  }
});

test('smoke has the shape and thresholds of baseline in 20 seconds', async () => {
  const [smoke, baseline] = [await loadProfile('smoke'), await loadProfile('baseline')];
  expect(Object.keys(smoke.scenarios)).toEqual(Object.keys(baseline.scenarios));
  expect(smoke.thresholds).toEqual(baseline.thresholds);
  for (const [name, config] of Object.entries(smoke.scenarios)) {
    const { rate, timeUnit, duration, startTime } = constant(config);
    expect(constant(baseline.scenarios[name])).toMatchObject({ rate, timeUnit });
    expect(startTime + duration).toBe(20_000);
    expect(startTime).toBeLessThanOrEqual(1000);
  }
});

test('an unknown name lists the known ones', async () => {
  await expect(loadProfile('nope')).rejects.toThrow(
    /no profile "nope"; known: baseline, deploy-baseline, deploy-smoke, smoke/,
  );
});

test('a file of the person is loaded by its path, and a missing one is named', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'profile-'));
  try {
    await writeFile(join(dir, 'mine.yaml'), minimal);
    expect((await loadProfile(join(dir, 'mine.yaml'))).name).toBe('mine');
    const absent = loadProfile(join(dir, 'absent.yaml'));
    await expect(absent).rejects.toThrow(UsageError);
    await expect(absent).rejects.toThrow(/absent\.yaml.*ENOENT/);
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('defaults are filled in, the drop limit among them', () => {
  const profile = parseProfile(minimal, 'mine.yaml');
  expect(profile.thresholds).toEqual({ dropped_iterations: ['count==0'] });
  expect(profile.scenarios.list_certificates).toMatchObject({
    timeUnit: 1000,
    startTime: 0,
    gracefulStop: 30_000,
    deadline: 30_000,
  });
});

test.each(['dropped_iterations', 'dropped_iterations{scenario:list_certificates}'])(
  'a profile that names %s keeps its own limit',
  (metric) => {
    const profile = parseProfile(`${minimal}thresholds:\n  ${metric}: ['count<10']\n`, 'mine.yaml');
    expect(profile.thresholds).toEqual({ [metric]: ['count<10'] });
  },
);

test('all problems come together, each with its line, its path and what is allowed', () => {
  const message = refusal(`name: Mine
colour: red
scenarios:
  list_certificates:
    executor: constant-arrival-rate
    rate: 0
    duration: 5x
    startTime: 5
    vus: 3
  nginx_handshake: { executor: burst, startTime: 5 }
thresholds:
  response_time{scenario:list_certificates}: ['p(95)<800', 'p(999)<1']
  error_rate: []
`);
  expect(message.split('\n')[0]).toBe('the profile mine.yaml has 11 problems:');
  for (const line of [
    /mine\.yaml:1:1 name: must be lower-case/,
    /mine\.yaml:2:1 colour: unknown key; allowed: name, description, scenarios, thresholds, overrides/,
    /mine\.yaml:10:22 scenarios\.nginx_handshake\.executor: must be one of constant-arrival-rate, poisson-/,
    /mine\.yaml:10:39 scenarios\.nginx_handshake\.startTime: must be a duration such as/,
    /mine\.yaml:6:5 scenarios\.list_certificates\.rate: .*>0/,
    /mine\.yaml:7:5 scenarios\.list_certificates\.duration: must be a duration such as/,
    /mine\.yaml:8:5 scenarios\.list_certificates\.startTime: must be a duration such as/,
    /mine\.yaml:9:5 scenarios\.list_certificates\.vus: unknown key; allowed: executor, exec, rate/,
    /mine\.yaml:4:3 scenarios\.list_certificates\.maxVUs: is missing/,
    /mine\.yaml:12:60 thresholds\.response_time\{scenario:list_certificates\}\.1: percentile 999/,
    /mine\.yaml:13:3 thresholds\.error_rate: needs at least one expression/,
  ]) {
    expect(message).toMatch(line);
  }
});

test.each([
  ['x{scenario:list_certificates}', 'p(95)<1', /unknown metric "x"/],
  [
    'response_time{scenario:other}',
    'p(95)<1',
    /no scenario "other" in this profile; it has: list_certificates/,
  ],
  ['response_time{target_type:nginx}', 'p(95)<1', /no target_type "nginx" in this profile; it has: none/],
  ['response_time', 'fast', /"fast" is not an expression/],
])('the threshold %s: %s is refused', (metric, expression, message) => {
  expect(refusal(`${minimal}thresholds:\n  ${metric}: ['${expression}']\n`)).toMatch(message);
});

test("k6's long form of a threshold, which comes out as it went in", () => {
  const long = '{ threshold: "p(95)<200", abortOnFail: true, delayAbortEval: 10s }';
  const short = '{ threshold: "avg<100" }';
  const profile = parseProfile(
    `${minimal}thresholds:\n  response_time: ['max<500', ${long}, ${short}]\n`,
    'mine.yaml',
  );
  expect(profile.thresholds.response_time).toEqual([
    'max<500',
    { threshold: 'p(95)<200', abortOnFail: true, delayAbortEval: 10_000 },
    { threshold: 'avg<100', abortOnFail: false, delayAbortEval: 0 },
  ]);
  const written = stringify(z.encode(profileSchema, profile));
  expect(parseProfile(written, 'again.yaml')).toEqual(profile);
});

test("what is wrong with k6's long form comes with all other problems", () => {
  const message = refusal(`${minimal}colour: red
thresholds:
  response_time:
    - { threshold: "p(950)<200", abortOnFail: true }
    - { threshold: "p(95)<200", abortOnFail: yes please, delayAbort: 10s }
    - { abortOnFail: true, delayAbortEval: soon }
    - 5
`);
  expect(message.split('\n').slice(1)).toEqual([
    expect.stringMatching(/8:\d+ thresholds\.response_time\.1\.abortOnFail: expected boolean/),
    expect.stringMatching(
      /8:\d+ thresholds\.response_time\.1\.delayAbort: unknown key; allowed: threshold, abortOnFail, delayAbortEval/,
    ),
    expect.stringMatching(/9:\d+ thresholds\.response_time\.2\.threshold: is missing; expected string/),
    expect.stringMatching(/9:\d+ thresholds\.response_time\.2\.delayAbortEval: must be a duration/),
    expect.stringMatching(
      /10:\d+ thresholds\.response_time\.3: must be an expression such as p\(95\)<200, or/,
    ),
    expect.stringMatching(/4:1 colour: unknown key/),
    expect.stringMatching(/7:\d+ thresholds\.response_time\.0\.threshold: percentile 950/),
  ]);
});

test('a scenario with a name of its own says what it does', () => {
  const own = minimal.replace('list_certificates:', 'mine:');
  expect(refusal(own)).toMatch(/mine\.yaml:3:3 scenarios\.mine: needs an `exec`.*nginx_handshake/);
  expect(() => parseProfile(own.replace('{ ', '{ exec: nginx_handshake, '), 'mine.yaml')).not.toThrow();
});

test.each([
  ['', /mine\.yaml:1:1 expected object/],
  ['name: a: b', /mine\.yaml:1:\d+ Nested mappings/],
  [`${minimal}name: twice\n`, /mine\.yaml:4:1 .*unique/],
  ['name: mine\nscenarios: {}\n', /mine\.yaml:2:1 scenarios: needs at least one scenario/],
  ['name: mine\nscenarios: [1]\n', /mine\.yaml:2:1 scenarios: expected record/],
])('%j is refused with its place', (text, message) => {
  expect(refusal(text)).toMatch(message);
});

const only = (scenario: string) => `name: mine\nscenarios:\n  list_certificates: { ${scenario} }\n`;
const STAGES = 'stages: [{ duration: 10s, target: 20 }, { duration: 0s, target: 5 }]';

test.each([
  'executor: constant-arrival-rate, rate: 1, duration: 1s, maxVUs: 30',
  'executor: poisson-arrival-rate, rate: 0.5, timeUnit: 1m, duration: 1s, maxVUs: 30',
  `executor: ramping-arrival-rate, ${STAGES}, maxVUs: 600`,
  `executor: ramping-arrival-rate, startRate: 3, timeUnit: 1m, arrivals: poisson, ${STAGES}, maxVUs: 600`,
  'executor: constant-vus, vus: 3, duration: 10s',
  'executor: herd, iterations: 50, startTime: 5s',
  `executor: ramping-vus, startVUs: 0, ${STAGES}`,
])('an executor that is accepted, and comes out as it went in: %s', (scenario) => {
  const profile = parseProfile(only(scenario), 'mine.yaml');
  const written = stringify(z.encode(profileSchema, profile));
  expect(parseProfile(written, 'again.yaml')).toEqual(profile);
});

const RATE = 'executor: constant-arrival-rate, rate: 1, duration: 1s, maxVUs: 30';

test.each([
  'httpVersion: 2',
  'httpVersion: 1.1, tls: {}',
  'tls: { version: 1.3, groups: [X25519], session: resume }',
  'tls: { version: 1.2, groups: [X25519, P-256], cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] }',
  'tls: { version: 1.2, groups: [X25519], cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256] }',
])('a way to connect that is accepted, and comes out as it went in: %s', (connection) => {
  const profile = parseProfile(only(`${RATE}, ${connection}`), 'mine.yaml');
  const written = stringify(z.encode(profileSchema, profile));
  expect(parseProfile(written, 'again.yaml')).toEqual(profile);
});

test.each([
  ['httpVersion: 3', /httpVersion: .*1\.1\|2/],
  ['exec: nginx_handshake, httpVersion: 2', /httpVersion: a handshake scenario speaks HTTP\/1\.1/],
  ['tls: { version: 1.1 }', /tls\.version: .*1\.2\|1\.3/],
  ['tls: { cipher: x }', /tls\.cipher: unknown key; allowed: version, cipherSuites, groups, session/],
  ['tls: { groups: [P256] }', /tls\.groups\.0: .*"X25519"\|"X448"\|"P-256"/],
  ['tls: { groups: [] }', /tls\.groups: needs at least one group/],
  ['tls: { session: none }', /tls\.session: .*"full"\|"resume"/],
  [
    'tls: { version: 1.2, cipherSuites: [TLS_AES_128_GCM_SHA256] }',
    /tls\.cipherSuites\.0: is of TLS 1\.3, and version is 1\.2/,
  ],
  [
    'tls: { version: 1.2, groups: [P-256, X25519MLKEM768] }',
    /tls\.groups\.1: is of TLS 1\.3, and version is 1\.2/,
  ],
  ['tls: { version: 1.2, groups: [X25519] }', /tls\.groups: on TLS 1\.2 the curve .* add P-256/],
])('a way to connect that is refused: %s', (connection, message) => {
  expect(refusal(only(`${RATE}, ${connection}`))).toMatch(message);
});

const loop = (rest: string) => only(`exec: nginx_deploy_loop, ${RATE}, ${rest}`);

test('the deadlines of the stages of a deploy loop come out as they went in', () => {
  const profile = parseProfile(loop('deadline: 90s, deadlines: { csr: 70s, serve: 1500ms }'), 'mine.yaml');
  expect(profile.scenarios.list_certificates?.deadlines).toEqual({ csr: 70_000, serve: 1500 });
  const written = stringify(z.encode(profileSchema, profile));
  expect(parseProfile(written, 'again.yaml')).toEqual(profile);
});

test('a mode of a deploy loop comes out as it went in', () => {
  const profile = parseProfile(loop('mode: enrol'), 'mine.yaml');
  expect(profile.scenarios.list_certificates?.mode).toBe('enrol');
  const written = stringify(z.encode(profileSchema, profile));
  expect(parseProfile(written, 'again.yaml')).toEqual(profile);
  expect(refusal(loop('mode: herd'))).toMatch(/list_certificates\.mode: .*"renew"\|"enrol"/);
});

test('all that is wrong with the deadlines of stages comes at once, with what else is wrong', () => {
  const message = refusal(`${loop('deadline: 20s, deadlines: { csr: 70s, sing: 1s, deploy: 0s, serve: 21s }')}
  nginx_handshake: { ${RATE}, deadlines: { serve: 1s }, mode: enrol }
colour: red
`);
  expect(message.split('\n').slice(1)).toEqual([
    expect.stringMatching(/list_certificates\.deadlines\.deploy: must be longer than zero/),
    expect.stringMatching(
      /list_certificates\.deadlines\.sing: unknown key; allowed: accept, csr, sign, claim, deploy, serve/,
    ),
    expect.stringMatching(/colour: unknown key/),
    expect.stringMatching(/list_certificates\.deadlines\.csr: is longer than .* the whole loop, 20s/),
    expect.stringMatching(/list_certificates\.deadlines\.serve: is longer than .* the whole loop, 20s/),
    expect.stringMatching(/nginx_handshake\.mode: only deploy loops have a mode/),
    expect.stringMatching(/nginx_handshake\.deadlines: only deploy loops have stages; `deadline` is for all/),
  ]);
});

test('what a scenario is, and which HTTP it speaks, is checked also where the schema refuses something else', () => {
  const message = refusal(`name: mine
colour: red
scenarios:
  unknown: { ${RATE} }
  wrong: { ${RATE}, exec: nothing }
  nothing: 5
  nginx_handshake: { ${RATE}, httpVersion: 2 }
`);
  expect(message.split('\n').slice(1)).toEqual([
    expect.stringMatching(/scenarios\.wrong\.exec: /),
    expect.stringMatching(/scenarios\.nothing/),
    expect.stringMatching(/colour: unknown key/),
    expect.stringMatching(/scenarios\.unknown: needs an `exec`/),
    expect.stringMatching(/scenarios\.nginx_handshake\.httpVersion: a handshake scenario speaks HTTP\/1\.1/),
  ]);
});

test.each([
  [
    'rate: 1, duration: 1s',
    /list_certificates\.executor: is missing; must be one of constant-arrival-rate, .*ramping-vus/,
  ],
  [
    'executor: constant-vus, vus: 3, rate: 5, duration: 1s',
    /rate: unknown key; allowed: executor, exec, vus/,
  ],
  ['executor: constant-vus, vus: 0, duration: 1s', /vus: .*>0/],
  ['executor: herd', /iterations: is missing/],
  [
    'executor: herd, iterations: 5, rate: 1',
    /rate: unknown key; allowed: executor, exec, iterations, startTime/,
  ],
  [
    'executor: herd, iterations: 5, deadline: 2m, gracefulStop: 90s',
    /gracefulStop: a herd needs at least its deadline, 2m: what has not ended by then is cut off/,
  ],
  ['executor: ramping-vus, stages: []', /stages: needs at least one stage/],
  ['executor: ramping-vus, stages: [{ duration: 0s, target: 1 }]', /stages: must be longer than zero/],
  ['executor: ramping-vus, stages: [{ duration: 1s, target: 1.5 }]', /stages\.0\.target: expected int/],
  ['executor: ramping-arrival-rate, stages: [{ duration: 1s }], maxVUs: 1', /stages\.0\.target: is missing/],
  [
    `executor: ramping-arrival-rate, ${STAGES}, arrivals: odd, maxVUs: 1`,
    /arrivals: .*"constant"\|"poisson"/,
  ],
])('an executor that is refused: %s', (scenario, message) => {
  expect(refusal(only(scenario))).toMatch(message);
});

test('the profiles of deploy loops bring the stack that they need; a key that no stack has is refused', async () => {
  expect((await loadProfile('deploy-smoke')).stack).toMatchObject({ agent: 'simulated' });
  expect((await loadProfile('deploy-baseline')).stack).toMatchObject({ agent: 'simulated', sites: '50' });
  await expect(loadProfile('smoke', [parseOverride('stack.agnet=real', '--set')])).rejects.toThrow(/stack/);
});
