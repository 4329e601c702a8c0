import { type LocalWorkspace, Stack } from '@pulumi/pulumi/automation/index.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BenchContract, BenchOutputs } from '../../../infra/outputs.ts';
import { TARGET_NAMES } from '../../../infra/targets.ts';
import { EnvironmentError, UsageError } from '../../../runner/errors.ts';
import { openStack, readOutputs, selectStack } from '../../../runner/stack/workspace.ts';

type Targets = BenchContract['targets'];

afterEach(() => void vi.restoreAllMocks());

describe('openStack', () => {
  /** Opens a stack with this config file, and gives what was read from it and set. */
  async function open(config: Record<string, unknown> | undefined, chosen: Record<string, string>) {
    const setAllConfig = vi.fn(async () => {});
    vi.spyOn(Stack, 'createOrSelect').mockResolvedValue({ setAllConfig } as unknown as Stack);
    const workspace = {
      stackSettings: async () => {
        if (config === undefined) throw new Error('no stack settings file found');
        return { config };
      },
    } as unknown as LocalWorkspace;
    let have = {};
    await openStack(workspace, 'dev', (found) => {
      have = found;
      return chosen;
    });
    return { have, set: setAllConfig.mock.calls.flat() };
  }

  it('gives a new stack all that was chosen, in one call', async () => {
    const { have, set } = await open(undefined, { subject: 'image', imageSource: 'registry' });
    expect(have).toEqual({});
    expect(set).toEqual([
      { 'certctl-bench:subject': { value: 'image' }, 'certctl-bench:imageSource': { value: 'registry' } },
    ]);
  });

  it('asks the choice with what the stack has, and sets only what is another now', async () => {
    const config = { 'certctl-bench:subject': 'stand-in', 'certctl-bench:bindAddress': '::1' };
    const { have, set } = await open(config, { subject: 'binary', bindAddress: '::1' });
    expect(have).toEqual({ subject: 'stand-in', bindAddress: '::1' });
    expect(set).toEqual([{ 'certctl-bench:subject': { value: 'binary' } }]);
  });

  it('sets nothing where nothing is another', async () => {
    const { set } = await open({ 'certctl-bench:subject': 'image' }, { subject: 'image' });
    expect(set).toEqual([]);
  });

  it('leaves alone what is secret, published, or of another project', async () => {
    const config = {
      'certctl-bench:subjectImage': { secure: 'v1:abc' },
      'certctl-bench:result': '{}',
      'other:subject': 'x',
    };
    expect((await open(config, {})).have).toEqual({});
  });
});

describe('selectStack', () => {
  const workspace = { listStacks: async () => [{ name: 'dev' }, { name: 'me/bench/ci' }] };
  const select = (name: string) => selectStack(workspace as unknown as LocalWorkspace, name);

  it.each(['dev', 'ci', 'me/bench/ci'])('selects %s', async (name) => {
    const stack = {} as Stack;
    vi.spyOn(Stack, 'select').mockResolvedValue(stack);
    expect(await select(name)).toBe(stack);
  });

  it.each(['i', 'nope', 'bench/c'])('says that there is no %s, and what makes it', async (name) => {
    await expect(select(name)).rejects.toThrow(UsageError);
    await expect(select(name)).rejects.toThrow(`"bench up --stack ${name}" makes it`);
  });
});

describe('readOutputs', () => {
  const at = { host: '127.0.0.1', port: 1 };
  const endpoint = { url: 'https://127.0.0.1:1', ...at, servername: 'x', health: 'x', inside: at };
  const outputs: BenchOutputs = {
    bench: {
      schema: 'bench.v1',
      stack: 'dev',
      incarnation: 'ab12',
      network: 'net',
      certctl: endpoint,
      targets: Object.fromEntries(TARGET_NAMES.map((name) => [name, endpoint])) as Targets,
      postgres: { version: '16', health: 'ready' },
      ca: 'PEM',
      subject: { kind: 'stand-in', version: '1' },
      settings: { certctl: {}, postgres: {}, limits: {} },
      images: {},
      topologyHash: 'hash',
    },
    apiKey: 'key',
  };

  const read = (values: Record<string, unknown>) => {
    const given = Object.entries(values).map(([key, value]) => [key, { value, secret: key === 'apiKey' }]);
    return readOutputs({
      name: 'dev',
      outputs: async () => Object.fromEntries(given),
    } as unknown as Stack);
  };

  it('gives the contract', async () => {
    expect(await read({ ...outputs, result: { verdict: 'PASSED' } })).toEqual(outputs);
  });

  it.each([
    ['is not up', {}],
    ['was made by another version', { ...outputs, bench: { ...outputs.bench, schema: 'bench.v2' } }],
    ['was made by another version', { bench: outputs.bench }],
    ['was made by another version', { ...outputs, bench: { ...outputs.bench, ca: undefined } }],
  ])('says that the stack %s, and what helps', async (what, values) => {
    await expect(read(values)).rejects.toThrow(EnvironmentError);
    await expect(read(values)).rejects.toThrow(`stack "dev" ${what}; run "bench up --stack dev"`);
  });
});
