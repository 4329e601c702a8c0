/** Profiles that extend others, and fields that are set from outside of the file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UsageError } from '../../../runner/errors.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { parseOverride } from '../../../runner/profiles/override.ts';
import { parseProfile } from '../../../runner/profiles/parse.ts';

const directory = mkdtempSync(join(tmpdir(), 'profiles-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const set = (...texts: string[]) => texts.map((text) => parseOverride(text, '--set'));

async function refusal(loading: Promise<unknown>): Promise<string> {
  const error: unknown = await loading.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message;
}

test('a profile changes what it says, takes away what it sets to null, and keeps the rest', async () => {
  const path = file(
    'fast.yaml',
    `name: fast
extends: smoke
scenarios:
  list_certificates: { rate: 200, maxVUs: 6000 }
  f5_handshake: null
thresholds:
  response_time{scenario:f5_handshake}: null
`,
  );
  const [fast, smoke] = [await loadProfile(path), await loadProfile('smoke')];
  const { f5_handshake: _, ...scenarios } = smoke.scenarios;
  expect(fast).toMatchObject({ name: 'fast', description: smoke.description });
  expect(fast.scenarios).toEqual({
    ...scenarios,
    list_certificates: { ...scenarios.list_certificates, rate: 200, maxVUs: 6000 },
  });
  expect(Object.keys(fast.thresholds)).not.toContain('response_time{scenario:f5_handshake}');
  expect(fast.thresholds['response_time{scenario:nginx_handshake}']).toEqual(['p(95)<1000', 'p(99)<3000']);
});

test('a path is meant from the file that names it, over several files', async () => {
  file('base.yaml', 'name: base\nextends: baseline\nscenarios:\n  nginx_handshake: { rate: 7 }\n');
  file('middle.yaml', 'name: middle\nextends: ./base.yaml\nthresholds: { error_rate: ["rate<0.5"] }\n');
  const top = file('top.yaml', 'name: top\nextends: middle.yaml\n');
  const { name, scenarios, thresholds } = await loadProfile(top);
  expect(name).toBe('top');
  expect(scenarios.nginx_handshake).toMatchObject({ rate: 7, duration: 300_000 });
  expect(thresholds.error_rate).toEqual(['rate<0.5']);
});

test('each problem is named in the file that it is in', async () => {
  file('bad-base.yaml', 'name: bad-base\nextends: smoke\nscenarios:\n  nginx_handshake: { rate: 0 }\n');
  const path = file('bad.yaml', 'extends: ./bad-base.yaml\nscenarios:\n  f5_handshake: { rate: -1 }\n');
  const message = await refusal(loadProfile(path));
  expect(message).toMatch(/bad-base\.yaml:4:22 scenarios\.nginx_handshake\.rate: /);
  expect(message).toMatch(/bad\.yaml:3:19 scenarios\.f5_handshake\.rate: /);
  expect(message).toMatch(/bad\.yaml:1:1 name: is missing; a profile that extends another/);
});

test.each([
  ['a circle', 'name: a\nextends: ./a.yaml\n', /extends itself: a\.yaml → a\.yaml/],
  [
    'an unknown name',
    'name: a\nextends: nope\n',
    /no profile "nope"; known: baseline, deploy-baseline, deploy-smoke, smoke/,
  ],
  ['no name at all', 'name: a\nextends: [smoke]\n', /a\.yaml:2:1 extends: must be the name or the path/],
])('what cannot be extended: %s', async (_what, text, message) => {
  expect(await refusal(loadProfile(file('a.yaml', text)))).toMatch(message);
});

test('text without a file extends nothing', () => {
  expect(() => parseProfile('name: a\nextends: smoke\n', 'mine')).toThrow(
    /mine:2:1 extends: only a file can/,
  );
});

test('--set sets any field, of every scenario with *, and the profile says so', async () => {
  const profile = await loadProfile(
    'smoke',
    set('scenarios.*.duration=3s', 'scenarios.nginx_handshake.rate=5', 'thresholds.error_rate=["rate<0.5"]'),
  );
  for (const config of Object.values(profile.scenarios)) expect(config).toMatchObject({ duration: 3000 });
  expect(profile.scenarios.nginx_handshake).toMatchObject({ rate: 5 });
  expect(profile.thresholds.error_rate).toEqual(['rate<0.5']);
  expect(profile.overrides).toEqual([
    '--set scenarios.*.duration=3s',
    '--set scenarios.nginx_handshake.rate=5',
    '--set thresholds.error_rate=["rate<0.5"]',
  ]);
  expect((await loadProfile('smoke')).overrides).toBeUndefined();
});

test('the environment sets fields too, and flags have the last word', async () => {
  const env = {
    BENCH_SET: 'scenarios.list_certificates.rate=3; scenarios.list_certificates.timeUnit=1m\n',
    BENCH_SCENARIOS_NGINX_HANDSHAKE_MAX_VUS: '77',
    BENCH_SCENARIOS_F5_HANDSHAKE_START_TIME: '2s',
  };
  const { scenarios, overrides } = await loadProfile(
    'smoke',
    set('scenarios.nginx_handshake.maxVUs=88'),
    env,
  );
  expect(scenarios.list_certificates).toMatchObject({ rate: 3, timeUnit: 60_000 });
  expect(scenarios.f5_handshake).toMatchObject({ startTime: 2000 });
  expect(scenarios.nginx_handshake).toMatchObject({ maxVUs: 88 });
  expect(overrides).toContain('BENCH_SCENARIOS_NGINX_HANDSHAKE_MAX_VUS=77');
});

test.each([
  [
    'scenarios.nginx_handshake.rate=0',
    /--set scenarios\.nginx_handshake\.rate=0: scenarios\.nginx_handshake\.rate: .*>0/,
  ],
  [
    'scenarios.*.duration=long',
    /--set scenarios\.\*\.duration=long: scenarios\.f5_handshake\.duration: must be a duration/,
  ],
  [
    'scenarios.nginx_handshake.rat=1',
    /--set scenarios\.nginx_handshake\.rat=1: .*\.rat: unknown key; allowed: executor/,
  ],
  ['colour=red', /--set colour=red: colour: unknown key/],
])('a bad value is named by the flag that set it: %s', async (text, message) => {
  expect(await refusal(loadProfile('smoke', set(text)))).toMatch(message);
});

test.each(['rate', '=5', 'a..b=5', 'a=[1'])('what is no path=value is refused: %s', (text) => {
  expect(() => parseOverride(text, '--set')).toThrow(UsageError);
});

test('a variable that means no field names what there is', async () => {
  const loading = loadProfile('smoke', [], { BENCH_SCENARIOS_NGINX_HANDSHAKE_COLOUR: 'red' });
  expect(await refusal(loading)).toMatch(/_COLOUR: must be BENCH_SCENARIOS_<scenario>_<field>.*MAX_VUS/);
});
