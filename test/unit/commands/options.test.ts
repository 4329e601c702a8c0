import { resolve } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { seedOption } from '../../../runner/commands/load.ts';
import {
  configOption,
  imagesOption,
  say,
  setupOptions,
  stackOption,
  toolchainOption,
  verboseWriter,
  yesOption,
} from '../../../runner/commands/options.ts';

/** What these arguments mean. Bad ones are a matter of bad-input.test.ts. */
function parse(...argv: string[]): Record<string, unknown> {
  const command = new Command().exitOverride();
  for (const option of [configOption, imagesOption, stackOption, toolchainOption, yesOption, seedOption])
    command.addOption(option());
  return command.parse(argv, { from: 'user' }).opts();
}

afterEach(() => void vi.restoreAllMocks());

describe('options', () => {
  it('mean auto where nothing is said', () => {
    expect(parse()).toEqual({ config: {}, images: 'auto', toolchain: 'auto' });
  });

  it('have short forms', () => {
    expect(parse('-y', '-s', 'dev', '-c', 'subject=image')).toMatchObject({
      yes: true,
      stack: 'dev',
      config: { subject: 'image' },
    });
  });

  it.each(['dev', 'a', 'loadtest-0f3a', 'v2.1_7', 'x'.repeat(100)])('take the stack name %s', (name) => {
    expect(parse('--stack', name).stack).toBe(name);
  });

  it.each([0, 1, 2_147_483_647])('take the seed %i', (seed) => {
    expect(parse('--seed', String(seed)).seed).toBe(seed);
  });
});

describe('--config', () => {
  const config = (...pairs: string[]) => parse(...pairs.flatMap((pair) => ['-c', pair])).config;

  it('may be given several times; the last of a key counts', () => {
    expect(config('subject=image', 'bindAddress=::1', 'subject=stand-in')).toEqual({
      subject: 'stand-in',
      bindAddress: '::1',
    });
  });

  it('takes values with "=", newlines, and none', () => {
    expect(config('standInFaults={"a":\n"b=c"}', 'dockerHost=')).toEqual({
      standInFaults: '{"a":\n"b=c"}',
      dockerHost: '',
    });
  });

  it('takes keys as plain Pulumi writes them', () => {
    expect(config('certctl-bench:subject=image')).toEqual({ subject: 'image' });
  });

  it('takes paths from where they were typed: the program runs elsewhere', () => {
    expect(config('subjectBinary=./server', 'subjectMigrations=/abs/migrations')).toEqual({
      subjectBinary: resolve('server'),
      subjectMigrations: '/abs/migrations',
    });
    expect(config('subjectBinary=')).toEqual({ subjectBinary: '' });
  });

  it('does not keep one command line for the next', () => {
    config('subject=image');
    expect(config()).toEqual({});
  });
});

describe('setupOptions', () => {
  it('asks before it installs, and leaves all else to auto, unless told', () => {
    expect(setupOptions({})).toEqual({ yes: false, images: 'auto', toolchain: 'auto', say });
    expect(setupOptions({ yes: true, images: 'debian', toolchain: 'build' })).toMatchObject({
      yes: true,
      images: 'debian',
      toolchain: 'build',
    });
  });
});

describe('what is said', () => {
  it('goes to stderr, a line each', () => {
    const [out, err] = (['stdout', 'stderr'] as const).map((name) =>
      vi.spyOn(process[name], 'write').mockReturnValue(true),
    );
    say('progress');
    verboseWriter(true)?.('raw');
    expect(err?.mock.calls.flat()).toEqual(['progress\n', 'raw']);
    expect(out).not.toHaveBeenCalled();
  });

  it('is not all that Pulumi prints, unless asked for', () => {
    expect(verboseWriter(undefined)).toBeUndefined();
    expect(verboseWriter(false)).toBeUndefined();
  });
});
