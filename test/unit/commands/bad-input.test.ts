import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { main } from '../../../runner/cli.ts';
import { projectRoot } from '../../../runner/paths.ts';

// Everything that a command makes, it makes after this call: an input that comes here was accepted.
vi.mock('../../../runner/setup/setup.ts', () => ({
  setup: () => {
    throw new Error('setup was reached');
  },
}));

const scratch = mkdtempSync(join(tmpdir(), 'bench-bad-input-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A profile file that does not exist until here. */
function profile(name: string, scenario: string, rest = ''): string {
  const path = join(scratch, `${name}.yaml`);
  writeFileSync(path, `name: ${name}\nscenarios:\n  list_certificates: { ${scenario} }\n${rest}`);
  return path;
}
const GOOD = 'executor: constant-arrival-rate, rate: 1, duration: 1s, maxVUs: 30';
const faults = (json: string) => ['up', '-c', `standInFaults=${json}`];

const env = (json: string) => ['up', '-c', 'subject=image', '-c', `certctlEnv=${json}`];
const parameters = (json: string) => ['up', '-c', `postgresSettings=${json}`];
const limits = (json: string) => ['up', '-c', `limits=${json}`];

type Case = [argv: string[], names: string, allows: string];
const CASES: Case[] = [
  // Commands, flags and arguments.
  [['upp'], "'upp'", '"bench" takes loadtest, setup'],
  [['--frobnicate'], "'--frobnicate'", '--help'],
  [['up', '--stak', 'dev'], "'--stak'", '--stack'],
  [['up', 'dev'], "'up'", 'Expected 0 arguments'],
  [['up', '--stack'], '--stack', '"bench up" takes'],
  [['up', '--stack', ''], '--stack', 'letters, digits'],
  [['up', '--stack', 'a/b'], '--stack "a/b"', 'letters, digits'],
  [['up', '--stack', 'a b'], '--stack "a b"', 'letters, digits'],
  [['up', '--stack', 'x'.repeat(101)], '--stack', 'at most 100'],
  [['down', '--stack', '../dev'], '--stack', 'letters, digits'],
  [['down', '--images', 'debian'], "'--images'", '--stack'],
  [['status', '--stack', 'ä'], '--stack', 'letters, digits'],
  [['up', '--ephemeral', '--stack', 'dev'], '--ephemeral', '--stack'],
  [['sweep', '--older-than', 'old'], '--older-than "old"', '12h'],
  [['sweep', '--all'], "'--all'", '--dry-run'],
  [['up', '--ttl', '1h'], '--ttl', '--ephemeral'],
  [['up', '--ephemeral', '--ttl', 'soon'], '--ttl "soon"', '12h'],
  [['up', '--ephemeral', '--ttl', '0s'], '--ttl "0s"', '12h'],
  [['up', '--images', 'ftp'], '--images', 'auto, registry, debian'],
  [['up', '--images', 'debian', '-c', 'imageSource=registry'], '--images debian', 'leave one of them out'],
  [['loadtest', '--images', 'registry', '-c', 'imageSource=debian'], '--images registry', 'leave one'],
  [['up', '--images', 'debian', '-c', 'imageRegistry=mirror.test/hub'], 'imageRegistry', 'registry only'],
  [['loadtest', '--images', 'debian', '-c', 'imageRegistry=mirror.test'], 'imageRegistry', 'registry only'],
  [['setup', '--images', ''], '--images', 'auto, registry, debian'],
  [['setup', '--toolchain', 'brew'], '--toolchain', 'auto, download, build'],
  [['setup', '--profile', 'smoke'], "'--profile'", '--yes'],
  [['loadtest', '--toolchain'], '--toolchain', '--profile'],
  [['loadtest', '--stack', 'dev'], "'--stack'", '--profile'],
  [['loadtest', '--verbos'], "'--verbos'", '--verbose'],
  [['load', '--target', 'nginx=127.0.0.1:1', '--cleanup'], '--cleanup', 'PostgreSQL of a stack'],
  [['load', '--target', 'nginx=127.0.0.1:1', '--set', 'seedRows=5'], 'seedRows', 'PostgreSQL of a stack'],
  [['load', '--set', 'seedRows=-1'], 'seedRows', '>=0'],
  [['publish', 'one', 'two'], "'publish'", 'Expected 1 argument'],
  [['publish', '../../etc'], '"../../etc"', '"bench load" makes one'],
  [['publish', 'no-such-run'], '"no-such-run"', '"bench load" makes one'],
  [['report', 'no-such-run'], '"no-such-run"', '"bench load" makes one'],
  [['report', scratch], scratch, '"bench load" makes one'],
  [['report', '--format', 'pdf'], "'pdf'", 'txt, html, md, csv'],
  [['report', '--format', 'md', '--json'], '--json', '--format'],
  [['engine', 'start'], "'start'", 'stop'],
  [['engine', 'stop', '--force'], "'--force'", '--verbose'],
  [['env', '--shell', 'fish'], "'--shell'", '--json'],
  // Seeds.
  [['load', '--outputs', '/none.json'], '--outputs /none.json', 'cannot be read'],
  [
    ['load', '--outputs', 'package.json'],
    '--outputs package.json',
    'pulumi stack output --json --show-secrets',
  ],
  [['load', '--outputs', 'README.md'], '--outputs README.md', 'is no JSON'],
  [['load', '--outputs', 'o.json', '--stack', 'dev'], '--outputs', '--stack'],
  [['up', '-c', 'loadInUp=nightly'], 'nightly', 'baseline'],
  [['loadtest', '-c', 'loadInUp=smoke'], 'loadInUp', '--profile'],
  [['load', '--push', 'localhost:9091'], '--push', 'must be http://host:port'],
  [['loadtest', '--push', 'http://me:word@gateway:9091'], '--push', 'BENCH_PUSH'],
  [['load', '--seed', '-1'], '--seed "-1"', '0 to 2147483647'],
  [['load', '--seed', '1.5'], '--seed "1.5"', '0 to 2147483647'],
  [['load', '--seed', '2147483648'], '--seed "2147483648"', '0 to 2147483647'],
  [['loadtest', '--seed', 'lucky'], '--seed "lucky"', '0 to 2147483647'],
  [['loadtest', '--seed', ''], '--seed ""', '0 to 2147483647'],
  // Profiles.
  [['load', '--profile', 'huge'], '"huge"', 'baseline'],
  [['load', '--profile', ''], '""', 'baseline'],
  [['loadtest', '--profile', './none.yaml'], './none.yaml', 'no such file'],
  [['loadtest', '--profile', `${scratch}/`], scratch, 'directory'],
  [
    ['load', '-p', profile('executor', GOOD.replace('constant', 'bursts'))],
    'executor',
    'must be one of constant-arrival-rate',
  ],
  [['load', '-p', profile('rate', GOOD.replace('rate: 1', 'rate: 0'))], 'list_certificates.rate', '>0'],
  [['load', '-p', profile('time', GOOD.replace('1s', '1 day'))], 'list_certificates.duration', '300ms, 30s'],
  [['load', '-p', profile('key', `${GOOD}, speed: 2`)], 'speed', 'allowed: executor'],
  [
    ['load', '-p', profile('metric', GOOD, 'thresholds: { speed: ["p(99)<1"] }')],
    '"speed"',
    'known: error_rate',
  ],
  [['load', '-p', profile('limit', GOOD, 'thresholds: { iterations: ["p(99)<1"] }')], 'iterations', 'count'],
  // Config keys and values.
  [['up', '-c', 'subject'], '"subject"', 'key=value'],
  [['up', '-c', '=x'], '"=x"', 'key=value'],
  [['up', '-c', 'colour=red'], '"colour=red"', 'subjectBinary'],
  [['up', '-c', 'result={}'], '"result={}"', 'subjectBinary'],
  [['up', '-c', 'subject=certctl'], 'subject must', 'stand-in, binary, image, dockerfile or external'],
  [['up', '-c', 'subject='], 'subject must', 'stand-in, binary, image, dockerfile or external'],
  [
    ['up', '-c', 'certctl-bench:subject=x'],
    'subject must',
    'stand-in, binary, image, dockerfile or external',
  ],
  [['up', '-c', 'subject=binary'], 'subjectBinary', 'must be set for subject binary'],
  [['up', '-c', 'subjectBinary=/bin/sh'], 'subjectMigrations', 'must be set for subject binary'],
  [['up', '-c', 'subjectBinary=./no-such-server'], 'subjectBinary', 'must name a file'],
  [['up', '-c', 'subjectBinary=/usr', '-c', 'subjectMigrations=/usr'], 'subjectBinary', 'must name a file'],
  [
    ['up', '-c', 'subjectBinary=/bin/sh', '-c', 'subjectMigrations=/bin/sh'],
    'subjectMigrations',
    'must name a folder',
  ],
  [['up', '-c', 'subjectBinary=/bin/sh', '-c', `subjectMigrations=${scratch}`], 'subjectMigrations', '.sql'],
  [['up', '-c', 'subject=image', '-c', 'subjectImage='], 'subjectImage', 'must be set for subject image'],
  [['up', '-c', 'subjectImage=UPPER case'], 'subjectImage', 'image reference'],
  [['up', '-c', 'imageRegistry=https://mirror.test'], 'imageRegistry', 'without https://'],
  [
    ['up', '-c', 'imageRegistry=mirror.test', '-c', 'imageSource=debian'],
    'imageRegistry',
    'imageSource registry',
  ],
  [['up', '-c', 'imageLayout=alpine'], 'imageLayout', 'official or debian'],
  [['images', 'pin', '--registry', 'https://x'], '--registry "https://x"', 'without https://'],
  [['images', 'pin', 'nginx'], '"nginx"', 'name:tag'],
  [['images', 'unpin'], "'unpin'", 'pin'],
  [['up', '-c', 'imageSource=ftp'], 'imageSource', 'registry or debian'],
  [['up', '-c', 'debianImage=latest'], 'debianImage', 'sha256:'],
  [['up', '-c', 'dockerHost=npipe:////./pipe/docker'], 'dockerHost', 'unix://, tcp:// or ssh://'],
  [['up', '-c', 'dockerHost=tcp://'], 'dockerHost', 'unix://, tcp:// or ssh://'],
  [['up', '--docker-host', 'hardware'], 'dockerHost', 'unix://, tcp:// or ssh://'],
  [['up', '--docker-host', 'tcp://192.0.2.7:2376'], 'bindAddress', "engine's machine"],
  [['up', '--docker-host', 'ssh://far', '--docker-cert-path', '/usr'], 'dockerCertPath', 'tcp:// only'],
  [['loadtest', '--bind-address', 'all'], 'bindAddress', 'IP address'],
  [['up', '-c', 'bindAddress=localhost'], 'bindAddress', 'IP address'],
  [['up', '-c', 'bindAddress=127.0.0.256'], 'bindAddress', 'IP address'],
  [['up', '-c', 'bindAddress='], 'bindAddress', 'IP address'],
  [['up', '-c', 'bindAddress=203.0.113.9'], 'bindAddress', 'address of this machine'],
  [['up', '-c', 'ports=8443'], 'ports', 'JSON object of certctl, nginx'],
  [['up', '-c', 'ports={"nosuch": 8443}'], 'ports', 'JSON object of certctl, nginx'],
  [['up', '-c', 'ports={"nginx": 65536}'], 'ports', 'from 1 to 65535'],
  [['up', '-c', 'ports={"nginx": "8443"}'], 'ports', 'from 1 to 65535'],
  [['up', '-c', 'ports={"nginx": 8443, "f5": 8443}'], 'ports', 'a port of its own'],
  [['up', '-c', 'subjectToken=abc'], 'subjectToken', 'BENCH_SUBJECT_TOKEN'],
  [['up', '-c', 'subject=external'], 'subjectUrl', 'must be set for subject external'],
  [['up', '-c', 'subjectUrl=https://certctl.test'], 'subjectToken', 'BENCH_SUBJECT_TOKEN'],
  [['up', '-c', 'subjectUrl=http://certctl.test'], 'subjectUrl', 'https://host:port'],
  [['up', '-c', `subjectCheckout=${scratch}`], 'subjectCheckout', 'Dockerfile'],
  [['up', '-c', 'subjectCheckout=/nowhere'], 'subjectCheckout', 'must name a folder'],
  [env('pool=100'), 'certctlEnv', 'JSON object of settings'],
  [env('["CERTCTL_LOG_LEVEL"]'), 'certctlEnv', 'JSON object of settings'],
  [env('{"LOG_LEVEL":"info"}'), '"LOG_LEVEL"', 'begin with CERTCTL_'],
  [env('{"CERTCTL_DATABASE_URL":"x"}'), '"CERTCTL_DATABASE_URL"', 'set by the bench'],
  [env('{"CERTCTL_API_KEYS_NAMED":"x"}'), '"CERTCTL_API_KEYS_NAMED"', 'set by the bench'],
  [env('{"CERTCTL_SMTP_PASSWORD":"x"}'), '"CERTCTL_SMTP_PASSWORD"', 'plain text'],
  [env('{"CERTCTL_HOOK":"https://me:word@x.test"}'), '"CERTCTL_HOOK"', 'plain text'],
  [env('{"CERTCTL_DEMO_SEED":true}'), '"CERTCTL_DEMO_SEED"', 'private networks'],
  [env('{"CERTCTL_LOG_LEVEL":["info"]}'), '"CERTCTL_LOG_LEVEL"', 'text, a number'],
  [env('{"CERTCTL_LOG_LEVEL":"a\\nb"}'), '"CERTCTL_LOG_LEVEL"', 'one line'],
  [
    ['up', '-c', 'certctlEnv={"CERTCTL_LOG_LEVEL":"info"}'],
    '"CERTCTL_LOG_LEVEL"',
    'CERTCTL_DATABASE_MAX_CONNS',
  ],
  [parameters('512MB'), 'postgresSettings', 'JSON object of parameters'],
  [parameters('{"Shared Buffers":1}'), '"Shared Buffers"', 'lower-case letters'],
  [parameters('{"port":5433}'), '"port"', 'set by the bench'],
  [parameters('{"ssl_cert_file":"x"}'), '"ssl_cert_file"', 'set by the bench'],
  [parameters('{"work_mem":null}'), '"work_mem"', 'text, a number'],
  [limits('{"nosuch":{"memoryMb":64}}'), 'limits', 'postgres, certctl, nginx'],
  [limits('{"nginx":{"cpus":1}}'), '"nginx"', 'cpuSet'],
  [limits('{"nginx":{"memoryMb":8}}'), '"nginx.memoryMb"', '16 or more'],
  [limits('{"nginx":{"memoryMb":"1g"}}'), '"nginx.memoryMb"', 'a whole number'],
  [limits('{"nginx":{"cpuSet":"1-0"}}'), '"nginx.cpuSet"', '"0-1"'],
  [limits('{"nginx":{"cpuSet":"two"}}'), '"nginx.cpuSet"', '"0-1"'],
  [limits('{"nginx":{"cpuSet":"0,4095"}}'), 'limits', 'CPUs of this machine, and 4095'],
  [faults('slow'), 'standInFaults', 'JSON object of delayMs'],
  [faults('[1]'), 'standInFaults', 'JSON object of delayMs'],
  [faults('{"delay":1}'), '"delay"', 'delayMs, stallAfterMs'],
  [faults('{"delayMs":-1}'), 'delayMs', '>=0'],
  [faults('{"errorRate":2}'), 'errorRate', '<=1'],
  [faults('{"stallForMs":5}'), 'stallForMs', 'go together'],
  [faults('{"errorRate":0.6,"resetRate":0.6}'), 'errorRate', 'more than 1'],
  [[...faults('{}'), '-c', 'subjectImage=certctl:x'], 'standInFaults', 'subject stand-in only'],
];

const said = vi.spyOn(process.stderr, 'write');
beforeEach(() => {
  said.mockReset().mockReturnValue(true);
});

test.each(CASES)('bench %j is refused, naming %s and what is allowed', async (argv, names, allows) => {
  const before = traces();
  await main(argv);
  const code = process.exitCode;
  process.exitCode = undefined;
  const message = said.mock.calls.map(([text]) => String(text)).join('');
  expect({ code, message }).toMatchObject({ code: 2, message: expect.stringMatching(/^[^\n]+\n$/) });
  expect(message).toContain(names);
  expect(message).toContain(allows);
  expect(traces()).toEqual(before);
});

test('a token is never repeated', async () => {
  await main(['up', '-c', 'subjectToken=a-secret-word']);
  process.exitCode = undefined;
  expect(String(said.mock.calls)).not.toContain('a-secret-word');
});

test('there are at least 40 of them', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(40);
});

test('all problems of a config come in one line', async () => {
  await main(['up', '-c', 'subject=binary', '-c', 'bindAddress=x', '-c', 'imageSource=y']);
  process.exitCode = undefined;
  const message = said.mock.calls.map(([text]) => String(text)).join('');
  for (const key of ['subjectBinary', 'subjectMigrations', 'bindAddress', 'imageSource'])
    expect(message).toContain(`certctl-bench:${key} must`);
});

test('good input is let through', async () => {
  await main(['up', '-c', 'bindAddress=::1', '-c', 'standInFaults={"delayMs":5}']);
  expect(process.exitCode).toBe(1);
  process.exitCode = undefined;
  expect(String(said.mock.calls)).toContain('setup was reached');
});

/** Names of all files that a command could leave in the checkout: a stack leaves its config file. */
function traces(): string[] {
  return readdirSync(projectRoot).sort();
}
