import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalWorkspace } from '@pulumi/pulumi/automation/index.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Known, listStacks } from '../../../runner/stack/list.ts';
import { FakePrograms } from '../../support/fake-program.ts';

afterEach(() => void vi.unstubAllEnvs());

const resource = (type: string, name: string, more: object = {}) => ({
  urn: `urn:pulumi:dev::certctl-bench::${type}::${name}`,
  ...{ type, ...more },
});
const CONTAINER = 'docker:index/container:Container';
const incarnation = (value: string) =>
  resource('command:local:Command', 'incarnation', { outputs: { stdout: value } });
const stackOf = (outputs: object) => resource('pulumi:pulumi:Stack', 'stack', { outputs });

/** A stack whose state has these resources. */
const known = (name: string, resources: object[], pending: object[] = []): Known => ({
  ...{ name, kind: 'persistent', life: 'live', why: 'stays' },
  workspace: {
    exportStack: async () => ({ version: 3, deployment: { resources, pending_operations: pending } }),
  } as unknown as LocalWorkspace,
});

const UP = [
  stackOf({ bench: {} }),
  incarnation('ab12'),
  resource(CONTAINER, 'nginx-server', { id: 'n1' }),
  resource(CONTAINER, 'tls-init-once', { id: 't1' }),
];
const NGINX = 'n1\tdev\tab12\tnginx\tUp 2 minutes (healthy)\t2026-01-31 12:00:05 +0000 UTC\n';
const TLS_INIT = 't1\tdev\tab12\ttls-init\tExited (0) 2 minutes ago\t2026-01-31 12:00:00 +0000 UTC\n';

/** How a stack is listed whose engine holds these containers. */
async function list(containers: string, stack: Known) {
  await using fake = await FakePrograms.make({ docker: `cat <<'END'\n${containers}END` });
  vi.stubEnv('PATH', fake.path);
  const [entry] = await listStacks([stack], 'unix:///engine.sock');
  return { entry, calls: await fake.calls('docker') };
}

describe('listStacks', () => {
  it('calls a stack up whose servers run and whose one-shot has done its work', async () => {
    const { entry } = await list(NGINX + TLS_INIT, known('dev', UP));
    expect(entry).toEqual({
      ...{ name: 'dev', kind: 'persistent', engine: 'unix:///engine.sock', state: 'up' },
      ...{ since: '2026-01-31T12:00:00.000Z', life: 'live', why: 'stays' },
    });
  });

  it.each([
    ['a server has ended', NGINX.replace('Up 2 minutes (healthy)', 'Exited (0) now') + TLS_INIT],
    ['a server is unhealthy', NGINX.replace('healthy', 'unhealthy') + TLS_INIT],
    ['the one-shot has failed', NGINX + TLS_INIT.replace('Exited (0)', 'Exited (1)')],
    ['a container is gone', NGINX],
    ['all containers are gone', ''],
    ['a container is of another stack of that name', NGINX + TLS_INIT.replace('ab12', 'cd34')],
  ])('calls it partial where %s', async (_, containers) => {
    expect((await list(containers, known('dev', UP))).entry?.state).toBe('partial');
  });

  it('calls one with agents up, whose deploy-init has ended too', async () => {
    const stack = known('dev', [...UP, resource(CONTAINER, 'deploy-init-once', { id: 'd1' })]);
    const init = TLS_INIT.replace('t1', 'd1').replace('tls-init', 'deploy-init');
    expect((await list(NGINX + TLS_INIT + init, stack)).entry?.state).toBe('up');
    const failed = init.replace('Exited (0)', 'Exited (1)');
    expect((await list(NGINX + TLS_INIT + failed, stack)).entry?.state).toBe('partial');
  });

  it('lists the others where the state of one cannot be read', async () => {
    await using fake = await FakePrograms.make({ docker: '' });
    vi.stubEnv('PATH', fake.path);
    const broken = known('broken', UP);
    const exportStack = () => Promise.reject(new Error('code: 255\nstderr: error: incorrect passphrase'));
    Object.assign(broken.workspace, { exportStack });
    const entries = await listStacks([broken, known('dev', UP)], 'unix:///engine.sock');
    expect(entries).toMatchObject([
      {
        ...{ name: 'broken', state: 'unknown', engine: null, since: null, life: 'live' },
        why: expect.stringMatching(/^stays; its state cannot be read: the passphrase is not the one/),
      },
      { name: 'dev', state: 'partial' },
    ]);
  });

  it('calls it partial where an up did not come to its end', async () => {
    const [, ...rest] = UP;
    const half = known('dev', [stackOf({}), ...rest]);
    expect((await list(NGINX + TLS_INIT, half)).entry?.state).toBe('partial');
    const pending = known('dev', UP, [{ type: 'creating', resource: { urn: 'urn:x::f5-server' } }]);
    expect((await list(NGINX + TLS_INIT, pending)).entry?.state).toBe('partial');
  });

  it('calls a stack down in which nothing was made', async () => {
    for (const resources of [[], [stackOf({})]]) {
      const { entry } = await list(NGINX, known('other', resources));
      expect(entry).toMatchObject({ state: 'down', since: null });
    }
  });

  it('asks the engine that the stack stands on, each engine once', async () => {
    await using fake = await FakePrograms.make({ docker: '[ "$DOCKER_HOST" != tcp://gone:1 ]' });
    vi.stubEnv('PATH', fake.path);
    const provider = resource('pulumi:providers:docker', 'engine', { inputs: { host: 'tcp://gone:1' } });
    const stacks = [known('far', [...UP, provider]), known('near', UP), known('also-far', [...UP, provider])];
    const entries = await listStacks(stacks, 'unix:///engine.sock');
    expect(entries.map(({ name, engine, state }) => [name, engine, state])).toEqual([
      ['also-far', 'tcp://gone:1', 'unknown'],
      ['far', 'tcp://gone:1', 'unknown'],
      ['near', 'unix:///engine.sock', 'partial'],
    ]);
    expect(await fake.calls('docker')).toHaveLength(2);
  });

  it('asks with the certificates that the stack was made with', async () => {
    await using fake = await FakePrograms.make({
      docker: 'echo "$DOCKER_HOST $DOCKER_TLS_VERIFY $DOCKER_CERT_PATH" >> "$0.asked"',
    });
    vi.stubEnv('PATH', fake.path);
    const inputs = { host: 'tcp://far:2376', certPath: '/certificates' };
    const provider = resource('pulumi:providers:docker', 'engine', { inputs });
    await listStacks([known('far', [...UP, provider])], 'unix:///engine.sock');
    expect(readFileSync(join(fake.bin, 'docker.asked'), 'utf8')).toBe('tcp://far:2376 1 /certificates\n');
  });

  it('does not know how a stack is where no engine answers', async () => {
    const [entry] = await listStacks([known('dev', UP)], undefined);
    expect(entry).toMatchObject({ state: 'unknown', engine: null, since: null });
  });
});
