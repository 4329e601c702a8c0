import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BenchContract } from '../../../infra/outputs.ts';
import { TARGET_NAMES } from '../../../infra/targets.ts';
import type { Engine } from '../../../runner/setup/engine.ts';
import { stackStatus } from '../../../runner/stack/status.ts';
import { FakePrograms } from '../../support/fake-program.ts';

type Targets = BenchContract['targets'];

const ENGINE: Engine = { host: 'unix:///engine.sock', kind: 'private', version: '27.1' };
const at = (port: number) => ({
  ...{
    url: `https://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    servername: 'x',
    health: '',
    inside: { host: 'x', port: 1 },
  },
});
const bench: BenchContract = {
  schema: 'bench.v1',
  stack: 'dev',
  incarnation: 'ab12',
  network: 'net',
  certctl: at(1),
  targets: Object.fromEntries(TARGET_NAMES.map((name, index) => [name, at(2 + index)])) as Targets,
  postgres: { version: '16', health: 'ready' },
  ca: 'PEM',
  subject: { kind: 'stand-in', version: '1' },
  settings: { certctl: {}, postgres: {}, limits: {} },
  images: {},
  topologyHash: 'hash',
};

afterEach(() => void vi.unstubAllEnvs());

async function engine(lines: string) {
  const fake = await FakePrograms.make({ docker: `printf '${lines}'` });
  vi.stubEnv('PATH', fake.path);
  return fake;
}

const stackWith = (outputs: Record<string, unknown>) =>
  ({
    name: 'dev',
    outputs: async () =>
      Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, { value, secret: false }])),
  }) as unknown as Stack;

describe('stackStatus', () => {
  it('shows each service as the engine has it, by name, with where it answers', async () => {
    await using fake = await engine('nginx\\tUp 2 minutes (healthy)\\ncertctl\\tExited (137)\\n');
    const status = await stackStatus(stackWith({ bench }), ENGINE);
    expect(status).toMatchObject({ stack: 'dev', up: true, subject: 'stand-in', result: null });
    expect(status.services).toEqual([
      { service: 'certctl', state: 'Exited (137)', url: 'https://127.0.0.1:1' },
      { service: 'nginx', state: 'Up 2 minutes (healthy)', url: 'https://127.0.0.1:2' },
    ]);
    expect((await fake.calls('docker'))[0]).toContain('label=certctl-bench.incarnation=ab12');
  });

  it('shows no service where the containers are gone', async () => {
    await using _ = await engine('');
    expect((await stackStatus(stackWith({ bench }), ENGINE)).services).toEqual([]);
  });

  it('does not ask for a stack that is not up', async () => {
    await using fake = await engine('');
    const status = await stackStatus(stackWith({}), ENGINE);
    expect(status).toEqual({
      ...{ engine: ENGINE, stack: 'dev', up: false, subject: null, services: [], result: null },
    });
    expect(await fake.calls('docker')).toEqual([]);
  });

  it('shows what was published last', async () => {
    await using _ = await engine('');
    const result = { run: '20260101-120000-abcdef', verdict: 'PASSED' };
    expect((await stackStatus(stackWith({ bench, result }), ENGINE)).result).toEqual(result);
  });
});
