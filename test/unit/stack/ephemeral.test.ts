import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import * as downs from '../../../runner/stack/down.ts';
import { downCalmly, uniqueName, upOrGone } from '../../../runner/stack/ephemeral.ts';
import * as ups from '../../../runner/stack/up.ts';

vi.mock(import('../../../runner/stack/down.ts'), { spy: true });
vi.mock(import('../../../runner/stack/up.ts'), { spy: true });

const made = {
  stack: { name: 'e-1' } as Stack,
  run: { name: 'e-1', folder: '/runs/e-1', engine: 'unix:///engine.sock', created: '' },
};
const OUTPUTS = { bench: { value: {}, secret: false } };
let done: string[];
let said: string[];
const options = (interrupt = new AbortController().signal) => ({
  interrupt,
  say: (line: string) => said.push(line),
});

beforeEach(() => {
  done = [];
  said = [];
  vi.mocked(ups.up).mockImplementation(async () => {
    done.push('up');
    return OUTPUTS;
  });
  vi.mocked(downs.down).mockImplementation(async (_stack, host, { interrupt, run }) => {
    expect(interrupt.aborted).toBe(false);
    done.push(`down ${run?.name} at ${host}`);
  });
});

const DOWN = 'down e-1 at unix:///engine.sock';

describe('upOrGone', () => {
  it('leaves a stack alone that came up', async () => {
    expect(await upOrGone(made, options())).toBe(OUTPUTS);
    expect(done).toEqual(['up']);
  });

  it('takes it down where it did not, and fails with the words of up', async () => {
    vi.mocked(ups.up).mockRejectedValue(new EnvironmentError('up failed: nginx exited'));
    await expect(upOrGone(made, options())).rejects.toThrow('up failed: nginx exited');
    expect(done).toEqual([DOWN]);
  });

  it('takes it down after an interrupt, also one that came too late for up', async () => {
    await expect(upOrGone(made, options(AbortSignal.abort()))).rejects.toThrow();
    expect(done).toEqual([DOWN]);
    const interrupt = new AbortController();
    vi.mocked(ups.up).mockImplementation(async () => {
      interrupt.abort();
      return OUTPUTS;
    });
    await expect(upOrGone(made, options(interrupt.signal))).rejects.toThrow();
    expect(done).toEqual([DOWN, DOWN]);
  });

  it('says what is left where that fails too', async () => {
    vi.mocked(ups.up).mockRejectedValue(new EnvironmentError('up failed: nginx exited'));
    vi.mocked(downs.down).mockRejectedValue(new EnvironmentError('down failed: engine gone'));
    await expect(upOrGone(made, options())).rejects.toThrow('up failed: nginx exited');
    expect(said.join('\n')).toMatch(/down failed: engine gone[\s\S]*"bench down --stack e-1" tries again/);
    expect(await downCalmly(made, options())).toBe(false);
  });
});

describe('uniqueName', () => {
  it('is another one each time', () => {
    const names = Array.from({ length: 100 }, () => uniqueName('loadtest'));
    expect(new Set(names).size).toBe(100);
    for (const name of names) expect(name).toMatch(/^loadtest-[0-9a-f]{8}$/);
  });
});
