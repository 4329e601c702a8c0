import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../runner/cli.ts';
import { EXIT } from '../../runner/errors.ts';
import { FakePrograms } from '../support/fake-program.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What the command line prints, in this process. */
async function output(...argv: string[]): Promise<string> {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await main(argv);
  return written.mock.calls.map(([text]) => String(text)).join('');
}

const COMMANDS = [
  ...[
    'setup',
    'doctor',
    'up',
    'load',
    'plan',
    'report',
    'publish',
    'down',
    'sweep',
    'loadtest',
    'list',
    'status',
    'env',
  ].map((one) => [one]),
  ['engine', 'stop'],
];

describe('--help', () => {
  it.each(COMMANDS)(
    'of %s %s has a description and an example that begins with the command',
    async (...argv) => {
      const words = argv.filter((word) => typeof word === 'string');
      const text = await output(...words, '--help');
      expect(process.exitCode).toBe(EXIT.passed);
      expect(text).toContain(`Usage: bench ${words.join(' ')}`);
      expect(text).toMatch(new RegExp(`Example:\\n  \\$ .*bench ${words.join(' ')}\\b`));
      expect(text).toContain('--verbose');
    },
  );

  it('of bench names every command, each with a description', async () => {
    const text = await output('--help');
    for (const [name] of COMMANDS) expect(text).toMatch(new RegExp(`^ {2}${name}\\b.* {2}\\w`, 'm'));
  });

  it.each(['setup', 'up', 'report', 'sweep', 'list', 'status', 'env'])(
    'of %s offers --json, which scripts read',
    async (name) => {
      expect(await output(name, '--help')).toContain('--json');
    },
  );
});

describe('a process', () => {
  const BENCH = join(import.meta.dirname, '../../runner/bench.mjs');
  const NOBODY = 'tcp://127.0.0.1:1';

  /** `bench argv` where the engine that DOCKER_HOST names does not answer. */
  async function bench(argv: string[], flags: string[] = []) {
    await using programs = await FakePrograms.make({ docker: 'exit 1' });
    const env = { PATH: programs.path, DOCKER_HOST: NOBODY, NO_COLOR: '1' };
    return execa(process.execPath, [...flags, BENCH, ...argv], { env, reject: false });
  }

  it('ends with 2 for what a person got wrong, in one line', async () => {
    const { exitCode, stdout, stderr } = await bench(['load', '--profile', 'huge']);
    expect(exitCode).toBe(EXIT.usage);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^bench: no profile "huge"; known: [^\n]*$/);
  });

  it('ends with 3 for what is wrong outside, in one line with the remedy', async () => {
    const { exitCode, stdout, stderr } = await bench(['setup']);
    expect(exitCode).toBe(EXIT.environment);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^bench: [^\n]*DOCKER_HOST=tcp:\/\/127\.0\.0\.1:1[^\n]*unset DOCKER_HOST[^\n]*$/);
  });

  it('shows a stack trace with --verbose only', async () => {
    const { exitCode, stderr } = await bench(['setup', '--verbose']);
    expect(exitCode).toBe(EXIT.environment);
    expect(stderr).toMatch(/\n +at /);
  });

  describe('with an error of its own', () => {
    /** Makes the reading of the bundled profiles fail as nobody foresaw. */
    const BROKEN = `data:text/javascript,
      import fs from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      fs.readdir = () => Promise.reject(new TypeError('x is not iterable'));
      syncBuiltinESMExports();`.replaceAll('\n', '');

    it('ends with 1, says whose error it is, and how to see more', async () => {
      const { exitCode, stderr } = await bench(['load'], ['--import', BROKEN]);
      expect(exitCode).toBe(EXIT.internal);
      expect(stderr).toBe('bench: x is not iterable (an error of the bench itself; --verbose shows where)');
    });

    it('shows where, with --verbose', async () => {
      const { exitCode, stderr } = await bench(['load', '--verbose'], ['--import', BROKEN]);
      expect(exitCode).toBe(EXIT.internal);
      expect(stderr).toMatch(/TypeError: x is not iterable\n +at /);
    });
  });
});
