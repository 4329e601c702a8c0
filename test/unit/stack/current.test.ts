import { rmSync } from 'node:fs';
import type { LocalWorkspace } from '@pulumi/pulumi/automation/index.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../../runner/errors.ts';
import { benchDir } from '../../../runner/paths.ts';
import { currentRun, currentStack, forgetStack, rememberStack } from '../../../runner/stack/current.ts';

import { makeRun } from '../../../runner/stack/runs.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

/** A workspace with these stacks, one of them selected in Pulumi. */
const workspace = (names: string[], selected?: string) =>
  ({
    listStacks: async () => names.map((name) => ({ name })),
    stack: async () => (selected === undefined ? undefined : { name: selected }),
  }) as LocalWorkspace;

beforeEach(() => rmSync(benchDir, { recursive: true, force: true }));

describe('currentStack', () => {
  it('is the one that --stack names, whatever else there is', async () => {
    rememberStack('last');
    expect(await currentStack('named', workspace(['last', 'selected'], 'selected'))).toEqual({
      name: 'named',
      why: 'named by --stack',
    });
  });

  it('is else the last one that up made here', async () => {
    rememberStack('first');
    rememberStack('last');
    const { name, why } = await currentStack(undefined, workspace(['first', 'last', 'other'], 'other'));
    expect(name).toBe('last');
    expect(why).toContain('bench up');
  });

  it('is else the one selected in Pulumi', async () => {
    expect(await currentStack(undefined, workspace(['selected'], 'selected'))).toEqual({
      name: 'selected',
      why: 'selected in Pulumi',
    });
  });

  it('is not one that is gone', async () => {
    rememberStack('gone');
    expect((await currentStack(undefined, workspace(['selected'], 'selected'))).name).toBe('selected');
  });

  it('is an error with a remedy where there is none', async () => {
    const asked = currentStack(undefined, workspace([]));
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(/"bench up" makes one.*--stack/);
  });
});

describe('forgetStack', () => {
  it('forgets the one that was remembered, and no other', async () => {
    rememberStack('dev');
    forgetStack('other');
    expect((await currentStack(undefined, workspace(['dev']))).name).toBe('dev');
    forgetStack('dev');
    await expect(currentStack(undefined, workspace(['dev']))).rejects.toThrow();
  });

  it('minds nothing where nothing was remembered', () => {
    expect(() => forgetStack('dev')).not.toThrow();
  });
});

describe('currentRun', () => {
  it('is the ephemeral stack that is named, else the one that was made last', () => {
    makeRun('ephemeral-1', 'unix:///engine.sock', {});
    makeRun('ephemeral-2', 'unix:///engine.sock', {});
    expect(currentRun(undefined)).toBeUndefined();
    rememberStack('ephemeral-2');
    expect(currentRun(undefined)?.run.name).toBe('ephemeral-2');
    expect(currentRun('ephemeral-1')).toMatchObject({
      run: { name: 'ephemeral-1' },
      why: 'named by --stack',
    });
  });

  it('is none where a persistent stack is meant', () => {
    makeRun('ephemeral-1', 'unix:///engine.sock', {});
    rememberStack('dev');
    expect(currentRun(undefined)).toBeUndefined();
    expect(currentRun('dev')).toBeUndefined();
  });
});
