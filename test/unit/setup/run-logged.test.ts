import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { runLogged } from '../../../runner/setup/run-logged.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-logged-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const shell = (script: string, log: string, env = {}) =>
  runLogged('sh', ['-c', script], log, { cwd: dir, env });

describe('runLogged', () => {
  it('keeps what was printed on both streams, of the last run only', async () => {
    const log = join(dir, 'logs/build.log');
    await shell('echo first', log);
    await shell('echo "to stdout $WHO"; echo "to stderr in $(pwd)" >&2', log, { WHO: 'me' });
    expect(readFileSync(log, 'utf8').split('\n').sort()).toEqual(['', `to stderr in ${dir}`, 'to stdout me']);
  });

  it('fails with the last line and the place of the whole log', async () => {
    const log = join(dir, 'build.log');
    const failed = shell('echo compiling; echo "no space left on device" >&2; exit 2', log);
    await expect(failed).rejects.toThrow(EnvironmentError);
    await expect(failed).rejects.toThrow(`sh failed: no space left on device (whole log: ${log})`);
  });

  it('waits for no answer: there is nobody to give one', async () => {
    await expect(shell('read answer', join(dir, 'log'))).rejects.toThrow(EnvironmentError);
  });

  it('names a program that is not there', async () => {
    const failed = runLogged('no-such-program', [], join(dir, 'log'));
    await expect(failed).rejects.toThrow(/no-such-program/);
    await expect(failed).rejects.toThrow(EnvironmentError);
  });
});
