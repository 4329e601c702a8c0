import { describe, expect, it, vi } from 'vitest';
import { configWith, DEBIAN, type Run, run } from './stacks.ts';

// What is in the files is not the matter here, and bundling them takes longer than all the rest.
vi.mock(import('../../infra/bundle.ts'), () => ({
  readFixture: (path) => `text of ${path}`,
  bundleFixture: (path) => `bundle of ${path}`,
}));

const inputs = ({ resources }: Run, service: string) => resources.get(`${service}-server`)?.inputs ?? {};
const env = (stack: Run, name: string) =>
  (inputs(stack, 'certctl').envs as string[]).filter((text) => text.startsWith(`${name}=`));

describe('certctl', () => {
  it('gets its settings, and what the bench sets where nothing else is said', async () => {
    const stack = await run(
      configWith({
        subject: 'image',
        certctlEnv: { CERTCTL_DATABASE_MAX_CONNS: '90', CERTCTL_RATE_LIMIT_ENABLED: 'true' },
      }),
    );
    const told = {
      CERTCTL_DATABASE_MAX_CONNS: '90',
      CERTCTL_RATE_LIMIT_ENABLED: 'true',
      CERTCTL_SCHEDULER_JOB_PROCESSOR_INTERVAL: '24h',
    };
    expect(stack.bench.settings.certctl).toEqual(told);
    for (const [name, value] of Object.entries(told)) expect(env(stack, name)).toEqual([`${name}=${value}`]);
  });

  it('has no settings of its own where it is the stand-in', async () => {
    expect((await run(configWith())).bench.settings.certctl).toEqual({});
  });
});

describe('PostgreSQL', () => {
  it.each([
    ['the official image', {}],
    ['the Debian image', DEBIAN],
  ])('gets its settings on the command line: %s', async (_, source) => {
    const postgresSettings = { shared_buffers: '256MB', 'auto_explain.log_format': 'json' };
    const stack = await run(configWith({ ...source, postgresSettings }));
    expect((inputs(stack, 'postgres').command as string[]).slice(-4)).toEqual([
      '-c',
      'shared_buffers=256MB',
      '-c',
      'auto_explain.log_format=json',
    ]);
    expect(stack.bench.settings.postgres).toEqual(postgresSettings);
  });
});

describe('limits', () => {
  it('go to the containers that are named, without swap on top', async () => {
    const limits = { postgres: { cpuSet: '0', memoryMb: 512 }, nginx: { memoryMb: 64 } };
    const stack = await run(configWith({ limits }));
    expect(inputs(stack, 'postgres')).toMatchObject({ cpuSet: '0', memory: 512, memorySwap: 512 });
    expect(inputs(stack, 'nginx')).toMatchObject({ memory: 64, memorySwap: 64 });
    expect(inputs(stack, 'nginx')).not.toHaveProperty('cpuSet');
    expect(inputs(stack, 'apache')).not.toHaveProperty('memory');
    expect(stack.bench.settings.limits).toEqual(limits);
  });

  it('are inputs that the registry-only plugin knows', async () => {
    const plain = await run(configWith());
    const limited = await run(configWith({ limits: { f5: { cpuSet: '0', memoryMb: 64 } } }));
    const added = Object.keys(inputs(limited, 'f5')).filter((key) => !(key in inputs(plain, 'f5')));
    expect(added.sort()).toEqual(['cpuSet', 'memory', 'memorySwap']);
  });
});

it('every setting is part of the topology hash', async () => {
  const hashes = [
    await run(configWith()),
    await run(configWith({ certctlEnv: { CERTCTL_DATABASE_MAX_CONNS: '90' } })),
    await run(configWith({ postgresSettings: { work_mem: '8MB' } })),
    await run(configWith({ limits: { f5: { memoryMb: 64 } } })),
    await run(configWith({ limits: { nginx: { memoryMb: 64 } } })),
  ].map(({ bench }) => bench.topologyHash);
  expect(new Set(hashes).size).toBe(hashes.length);
});
