import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalWorkspace, PulumiCommand, Stack } from '@pulumi/pulumi/automation/index.js';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../runner/cli.ts';
import { runsFolder } from '../../../runner/stack/runs.ts';
import { FakePrograms } from '../../support/fake-program.ts';

const HOST = 'unix:///engine.sock';
const { root } = vi.hoisted(() => ({ root: { path: '' } }));
vi.mock('../../../runner/paths.ts', async (original) => {
  const paths = await original<typeof import('../../../runner/paths.ts')>();
  root.path = mkdtempSync(join(tmpdir(), 'bench-up-'));
  cpSync(join(paths.projectRoot, 'Pulumi.yaml'), join(root.path, 'Pulumi.yaml'));
  const below = (name: string) => join(root.path, name);
  return { ...paths, projectRoot: root.path, benchDir: below('.bench'), resultsDir: below('results') };
});
vi.mock('../../../runner/setup/setup.ts', () => ({
  setup: async () => ({
    engine: { host: HOST, kind: 'found', version: '27.1' },
    startedEngine: false,
    installation: { root: '/pulumi', home: '/home', kind: 'bench' },
    imageSource: 'registry',
  }),
}));
afterAll(() => rmSync(root.path, { recursive: true }));

const said = vi.spyOn(process.stderr, 'write');
beforeEach(() => {
  said.mockReset().mockReturnValue(true);
  vi.spyOn(PulumiCommand, 'get').mockResolvedValue({} as PulumiCommand);
  vi.spyOn(LocalWorkspace, 'create').mockResolvedValue({
    stackSettings: async () => ({ config: {} }),
  } as unknown as LocalWorkspace);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
});

/** How a command ends, and what it said. */
async function bench(...argv: string[]) {
  await main(argv);
  const code = process.exitCode;
  process.exitCode = undefined;
  return { code, message: said.mock.calls.map(([text]) => String(text)).join('') };
}

/** As Ctrl-C ends a process of Pulumi's CLI. */
async function interrupted(): Promise<never> {
  process.emit('SIGINT', 'SIGINT');
  throw new Error('code: 130, stderr: interrupted');
}

describe('Ctrl-C while Pulumi makes the stack', () => {
  it('ends a persistent one in order', async () => {
    vi.spyOn(Stack, 'createOrSelect').mockImplementation(interrupted);
    const { code, message } = await bench('up', '--stack', 'mine');
    expect(code).toBe(130);
    expect(message).toContain('"bench up --stack mine" goes on');
    expect(message).not.toContain('bench:');
  });

  it('ends an ephemeral one in order, and nothing of it stays', async () => {
    vi.spyOn(Stack, 'create').mockImplementation(interrupted);
    expect((await bench('up', '--ephemeral')).code).toBe(130);
    expect(readdirSync(runsFolder)).toEqual([]);
  });
});

describe('what Pulumi refuses', () => {
  it('is told, and nothing of an ephemeral stack stays', async () => {
    vi.spyOn(Stack, 'create').mockRejectedValue(new Error('stderr: error: no such plugin'));
    expect(await bench('up', '--ephemeral')).toMatchObject({
      code: 3,
      message: expect.stringContaining('Pulumi refuses: no such plugin'),
    });
    expect(readdirSync(runsFolder)).toEqual([]);
  });
});

it('a stack that is on another engine is left as it is', async () => {
  await using fake = await FakePrograms.make({ docker: '' });
  vi.stubEnv('PATH', fake.path);
  const resources = [
    { urn: 'urn:x::incarnation', type: 'c', outputs: { stdout: 'ab12' } },
    { urn: 'urn:x::engine', type: 'pulumi:providers:docker', inputs: { host: 'unix:///old.sock' } },
  ];
  const stack = {
    exportStack: async () => ({ deployment: { resources } }),
    setAllConfig: vi.fn(),
    up: vi.fn(),
  };
  vi.spyOn(Stack, 'createOrSelect').mockResolvedValue(stack as unknown as Stack);
  const { code, message } = await bench('up', '--stack', 'mine');
  expect(code).toBe(3);
  expect(message).toContain('set DOCKER_HOST=unix:///old.sock');
  expect(stack.setAllConfig).not.toHaveBeenCalled();
  expect(stack.up).not.toHaveBeenCalled();
});
