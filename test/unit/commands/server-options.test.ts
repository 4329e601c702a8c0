/** From flags and environment to a server that runs already. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { stackOption } from '../../../runner/commands/options.ts';
import { addServerOptions, type ServerFlags, serverOf } from '../../../runner/commands/server-options.ts';
import { UsageError } from '../../../runner/errors.ts';

const directory = mkdtempSync(join(tmpdir(), 'server-'));
afterAll(() => rmSync(directory, { recursive: true }));
const ca = join(directory, 'ca.pem');
writeFileSync(ca, '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n');

function server(argv: string[], env: NodeJS.ProcessEnv = {}) {
  const command = addServerOptions(new Command('load')).addOption(stackOption()).exitOverride();
  command.configureOutput({ outputError: () => {} });
  return serverOf(command.parse(argv, { from: 'user' }).opts<ServerFlags & { stack?: string }>(), env);
}

test('base, CA, targets, and the token of the environment', () => {
  const argv = ['--base', 'https://c.example:8443/', '--ca', ca, '--target', 'nginx=10.0.0.5:443'];
  const found = server([...argv, '--target', 'f5=[::1]:8443', '--token-env', 'MINE'], { MINE: 'secret' });
  expect(found).toEqual({
    name: 'https://c.example:8443, nginx, f5',
    endpoints: {
      api: { url: 'https://c.example:8443', token: 'secret' },
      targets: {
        nginx: { host: '10.0.0.5', port: 443, servername: '10.0.0.5' },
        f5: { host: '::1', port: 8443, servername: '::1' },
      },
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      insecure: false,
    },
  });
});

test('CERTCTL_BASE and CERTCTL_TOKEN, where no flag and no stack says otherwise', () => {
  const env = { CERTCTL_BASE: 'https://c.example', CERTCTL_TOKEN: 'secret' };
  expect(server(['--insecure'], env)?.endpoints).toMatchObject({
    api: { url: 'https://c.example', token: 'secret' },
    insecure: true,
    ca: undefined,
  });
  expect(server(['--stack', 'dev'], env)).toBeUndefined();
  expect(server([], {})).toBeUndefined();
});

test('targets alone need no API', () => {
  expect(server(['--target', 'haproxy=h.example:443'])?.endpoints).toMatchObject({ api: undefined });
});

test.each<[string[], NodeJS.ProcessEnv, RegExp]>([
  [['--base', 'http://c.example'], {}, /--base "http:\/\/c\.example": must be https:\/\/host:port/],
  [['--base', 'https://c.example/api'], {}, /must be https:\/\/host:port, without a path/],
  [[], { CERTCTL_BASE: 'c.example' }, /^CERTCTL_BASE "c\.example": must be/],
  [['--base', 'https://c.example'], {}, /^CERTCTL_TOKEN is not set: .*--token-env/],
  [['--base', 'https://c.example', '--token-env', 'X'], {}, /^X is not set/],
  [['--base', 'https://c.example', '--stack', 'dev'], {}, /--stack and --base exclude each other/],
  [['--insecure'], {}, /--insecure needs a server/],
  [['--target', 'iis=h:1'], {}, /--target "iis=h:1": must be name=host:port with a name of nginx, apache/],
  [['--target', 'nginx=h'], {}, /must be name=host:port/],
  [['--target', 'nginx=h:70000'], {}, /must be name=host:port/],
  [
    ['--base', 'https://c.example', '--ca', '/none.pem'],
    { CERTCTL_TOKEN: 'x' },
    /--ca "\/none\.pem": cannot be read/,
  ],
  [
    ['--base', 'https://c.example', '--ca', 'package.json'],
    { CERTCTL_TOKEN: 'x' },
    /--ca ".*": is no PEM file with a certificate/,
  ],
])('%j is refused', (argv, env, message) => {
  expect(() => server(argv, env)).toThrow(UsageError);
  expect(() => server(argv, env)).toThrow(message);
});
