import { afterEach, expect, it, vi } from 'vitest';
import type { Endpoints } from '../../../runner/engine/contract.ts';
import { EnvironmentError } from '../../../runner/errors.ts';
import { reach } from '../../../runner/generator/reach.ts';
import { FakePrograms } from '../../support/fake-program.ts';

afterEach(() => vi.unstubAllEnvs());

const at = (host: string): Endpoints => ({
  api: { url: `https://${host}:32768`, servername: 'certctl', token: 't' },
  targets: { nginx: { host, port: 32769, servername: 'nginx.test' } },
  ca: 'PEM',
});

it.each([
  ['unix:///docker.sock', '127.0.0.1'],
  ['tcp://192.0.2.7:2376', '192.0.2.7'],
  ['ssh://far.test', '192.0.2.7'],
])('what an engine at %s publishes at %s is reached directly', async (dockerHost, host) => {
  vi.stubEnv('PATH', '/no/ssh/here');
  const { endpoints, close } = await reach(at(host), dockerHost);
  expect(endpoints).toEqual(at(host));
  await close();
});

it('loopback behind SSH is reached by a tunnel, with the same names and secrets', async () => {
  await using programs = await FakePrograms.make({ ssh: 'echo ready; exec cat' });
  vi.stubEnv('PATH', programs.path);
  const { endpoints, close } = await reach(at('127.0.0.1'), 'ssh://far.test');
  const [call = ''] = await programs.calls('ssh');
  const nginx = endpoints.targets.nginx;
  expect(call).toContain(`-L 127.0.0.1:${new URL(endpoints.api?.url ?? '').port}:127.0.0.1:32768`);
  expect(call).toContain(`-L 127.0.0.1:${nginx?.port}:127.0.0.1:32769`);
  expect(nginx).toMatchObject({ host: '127.0.0.1', servername: 'nginx.test' });
  expect(endpoints).toMatchObject({ api: { servername: 'certctl', token: 't' }, ca: 'PEM' });
  await close();
});

it('a tunnel that fails is told in one line', async () => {
  await using programs = await FakePrograms.make({
    ssh: 'echo banner >&2; echo "administratively prohibited" >&2; exit 255',
  });
  vi.stubEnv('PATH', programs.path);
  const failed = reach(at('127.0.0.1'), 'ssh://far.test');
  await expect(failed).rejects.toThrow(EnvironmentError);
  await expect(failed).rejects.toThrow(/^no tunnel to ssh:\/\/far\.test: administratively prohibited; check/);
});
