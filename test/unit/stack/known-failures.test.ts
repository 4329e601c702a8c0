import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { expect, test } from 'vitest';
import type { BenchError } from '../../../runner/errors.ts';
import { Diagnostics, explain } from '../../../runner/stack/failure.ts';

const ID = '0'.repeat(64);
const PROVIDER = (words: string) =>
  `sdk-v2/provider2.go:572: sdk.helper_schema: ${words}: provider=docker@5.2.0`;
const PULL = (image: string, why: string) =>
  PROVIDER(
    `Unable to read Docker image into resource: unable to pull image ${image}: error pulling image ${image}: ${why}`,
  );
const GATE = (words: string) => `error: exit status 1: running "exec node gate/main.ts":\n${words}`;

const diagnostic = (message: string, urn = ''): EngineEvent => ({
  sequence: 1,
  timestamp: 1,
  diagnosticEvent: { message, urn, severity: 'error', color: 'never' },
});

function upError(...messages: string[]): BenchError {
  const diagnostics = new Diagnostics();
  for (const message of messages) diagnostics.add(diagnostic(message));
  return diagnostics.toError('up', new Error('code: 255'));
}

const KNOWN: [what: string, message: string, problem: string, remedy: string][] = [
  [
    'registry not reachable',
    PULL('httpd:2.4-alpine', 'Get "https://registry.test/v2/": dial tcp: no such host'),
    'image httpd:2.4-alpine cannot be pulled',
    '--images debian',
  ],
  [
    'registry says no',
    PULL('ghcr.io/a/b:v1', 'Error response from daemon: pull access denied for a/b'),
    'no image ghcr.io/a/b:v1 for you',
    'docker login',
  ],
  [
    'no such tag',
    PULL('nginx:9', 'manifest for nginx:9 not found: manifest unknown'),
    'no image nginx:9',
    'check its name',
  ],
  [
    'rate limit',
    PULL('mirror.test/nginx:1', 'toomanyrequests: You have reached your limit'),
    'the registry refuses image mirror.test/nginx:1',
    '"docker login", or try later',
  ],
  [
    'rate limit of Docker Hub, which the provider asks as anybody',
    PULL('nginx:1', 'toomanyrequests: You have reached your limit'),
    'Docker Hub refuses image nginx:1 for now',
    '"docker pull nginx:1" by hand',
  ],
  [
    'Docker Hub says no',
    PULL('me/private:1', 'Error response from daemon: pull access denied for me/private'),
    'Docker Hub has no image me/private:1 for everybody (denied)',
    '(-c imageRegistry=',
  ],
  [
    'a registry with a port is not Docker Hub',
    PULL('127.0.0.1:5000/a:1', 'denied'),
    'the registry has no image 127.0.0.1:5000/a:1 for you',
    '"docker login"',
  ],
  [
    'a pull that ended without an image',
    PROVIDER('Unable to read Docker image into resource: unable to find or pull image postgres:16-alpine'),
    'has not got the image postgres:16-alpine',
    '"docker pull postgres:16-alpine" by hand says why',
  ],
  [
    'other architecture',
    PULL('a:1', 'no matching manifest for linux/arm64/v8 in the manifest list'),
    'architecture of the engine (linux/arm64/v8)',
    'subjectImage',
  ],
  [
    'image removed',
    PROVIDER(`Unable to create container with image sha256:${ID}: unable to pull image sha256:${ID}: x`),
    'does not hold the image sha256:000000000000 ',
    'bench setup',
  ],
  [
    'port taken',
    PROVIDER(
      'Unable to start container: Error response from daemon: driver failed programming external connectivity on endpoint a: Bind for 127.0.0.1:8443 failed: port is already allocated',
    ),
    'port 127.0.0.1:8443 is in use',
    'ss -ltnp',
  ],
  [
    'port taken by another',
    PROVIDER(
      'Unable to start container: Error response from daemon: listen tcp4 127.0.0.1:8443: bind: address already in use',
    ),
    'port 127.0.0.1:8443 is in use',
    'free it',
  ],
  [
    'foreign address',
    PROVIDER(
      'Unable to start container: driver failed: listen tcp4 192.0.2.1:0: bind: cannot assign requested address',
    ),
    '192.0.2.1:0 is no address',
    'bindAddress',
  ],
  [
    'engine away',
    '1 error occurred:\n\t* Error pinging Docker server: Cannot connect to the Docker daemon at unix:///run/none.sock. Is the docker daemon running?',
    'no Docker engine answers at unix:///run/none.sock;',
    'start it',
  ],
  [
    'engine dies',
    PROVIDER(
      'Unable to create container: error during connect: Post "http://%2Frun%2Fdocker.sock/v1.41/containers/create": EOF',
    ),
    'engine has gone away',
    'start it',
  ],
  [
    'disk full',
    PROVIDER(
      'Unable to create container: Error response from daemon: mkdir /var/lib/docker/x: no space left on device',
    ),
    'no space is left',
    'docker system df',
  ],
  [
    'no addresses',
    PROVIDER(
      'Unable to create network: could not find an available, non-overlapping IPv4 address pool among the defaults',
    ),
    'no free address range',
    'docker network prune',
  ],
  [
    'plugin missing',
    "no resource plugin 'pulumi-resource-docker' found in the workspace",
    'plugin is missing',
    'bench setup',
  ],
  [
    'lock',
    'error: the stack is currently locked by 1 lock(s).\n  file:///s/locks/x.json: created by root@host (pid 4711) at 2026-01-01',
    'root@host, process 4711',
    'bench down',
  ],
  [
    'passphrase',
    'error: getting stack configuration: get stack secrets manager: incorrect passphrase',
    'not the one that the stack was made with',
    '.bench/passphrase',
  ],
  [
    'state read-only',
    'error: open /s/state/x: read-only file system',
    '/s/state/x: read-only file system',
    'make it writable',
  ],
];

test.each(KNOWN)('%s: one line with the remedy', (_what, message, problem, remedy) => {
  const error = upError(message);
  expect(error).toMatchObject({ exitCode: 3, message: expect.stringMatching(/^up failed: [^\n]+$/) });
  expect(error.message).toContain(problem);
  expect(error.message).toContain(remedy);
  expect(error.message).not.toMatch(/sdk\.helper|provider=|occurred:/);
});

const GATES: [words: string, line: string][] = [
  [
    'nginx exited with code 1. Its last log lines:\n[emerg] 1#1: unknown directive "bogus" in /etc/bench/nginx.conf:12',
    'nginx exited with code 1: [emerg] 1#1: unknown directive "bogus" in /etc/bench/nginx.conf:12; correct fixtures/nginx.conf and run "bench up" again',
  ],
  [
    'certctl exited with code 126 (its program cannot be executed). Its last log lines:\nsh: 1: exec: /app/server: Exec format error',
    'certctl exited with code 126 (its program cannot be executed): its program is for another machine architecture',
  ],
  [
    'certctl exited with code 1. Its last log lines:\nstarting\nerror: password authentication failed for user "certctl"\nbye',
    'certctl exited with code 1: PostgreSQL refuses the password of certctl',
  ],
  [
    'nginx cannot be watched: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?. Its last log lines:\n(no log)',
    'nginx cannot be watched: no Docker engine answers at unix:///x; start it and run the command again',
  ],
  [
    'certctl exited with code 1. Its last log lines:\nfailed to run migrations: open ./migrations: no such file or directory',
    'certctl exited with code 1: its migrations are missing or broken; certctl-bench:subjectMigrations must be',
  ],
  [
    'postgres exited with code 1. Its last log lines:\ninitdb: could not write to file "base/1": No space left on device',
    'postgres exited with code 1: no space is left on the disk',
  ],
  [
    "apache exited with code 1. Its last log lines:\nSyntax error on line 1:\nInvalid command 'x'",
    "apache exited with code 1: Syntax error on line 1: Invalid command 'x'; correct fixtures/httpd.conf",
  ],
  [
    'apache is unhealthy (wget: server returned error). Its last log lines:\n(it logged nothing)',
    'apache is unhealthy (wget: server returned error): (it logged nothing); correct fixtures/httpd.conf',
  ],
];

test.each(GATES)('a container that fails: %j', (words, line) => {
  const [first = '', ...log] = upError('unrelated', GATE(words)).message.split('\n');
  expect(first).toContain(`up failed: ${line}`);
  expect(log.map((text) => text.replace(/^ {2}\w+ \| /, ''))).toEqual(words.split('\n').slice(1));
});

test('a container that the plugin removed has its name and remedy', () => {
  const diagnostics = new Diagnostics();
  const urn = 'urn:pulumi:dev::certctl-bench::docker:index/container:Container::haproxy-server';
  diagnostics.add(diagnostic(PROVIDER('container exited immediately'), urn));
  expect(diagnostics.toError('up', undefined).message).toBe(
    'up failed: haproxy exited right after its start, before its log could be read; correct fixtures/haproxy.cfg and run "bench up" again',
  );
});

test('a container that cannot be made is named', () => {
  const diagnostics = new Diagnostics();
  const urn = 'urn:pulumi:dev::certctl-bench::docker:index/container:Container::nginx-server';
  diagnostics.add(diagnostic('No such image: x:1', urn));
  expect(diagnostics.toError('up', undefined).message).toContain(
    'up failed: nginx: the engine does not hold',
  );
});

test('a known error speaks before those that follow from it', () => {
  const error = upError('context canceled', PULL('nginx:1', 'dial tcp: no route to host'));
  expect(error.message).toContain('nginx:1 cannot be pulled');
});

test('what is not known is told without wrapping, in one line', () => {
  expect(upError(PROVIDER('the moon\n is full')).message).toBe('up failed: the moon is full');
});

test("Pulumi's own refusal outside of an operation becomes one line", () => {
  const raw = new Error('code: -2\n stdout: \n stderr: Command failed\nerror: no such backend\n err?: Error');
  expect(explain(raw)).toMatchObject({ exitCode: 3, message: 'Pulumi refuses: no such backend', cause: raw });
});

test('an error of the bench itself stays what it is', () => {
  const bug = new TypeError('x is not a function');
  expect(explain(bug)).toBe(bug);
});
