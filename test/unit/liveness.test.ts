import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { isAlive, thisProcess } from '../../runner/liveness.ts';

/** Above the largest number that Linux gives (PID_MAX_LIMIT). */
const NOBODY = 2 ** 22 + 1;

test('this process is alive, also where it is known by its number alone', () => {
  expect(isAlive(thisProcess())).toBe(true);
  expect(isAlive({ pid: process.pid, hostname: hostname() })).toBe(true);
});

test('a process that never was is not', () => {
  expect(isAlive({ pid: NOBODY, hostname: hostname() })).toBe(false);
});

test.runIf(process.platform === 'linux')('one that has the number of another is not that other', () => {
  const { start, ...holder } = thisProcess();
  expect(isAlive({ ...holder, start: `${start}0` })).toBe(false);
});

test('a process that has ended is not, and neither is one that nobody has waited for', async () => {
  // The shell's child ends at once; the program that takes the shell's place never asks for it.
  const shell = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [chunk] = await once(shell.stdout, 'data');
  const child = { pid: Number(chunk), hostname: hostname() };
  await expect.poll(() => isAlive(child)).toBe(false);
  expect(isAlive({ pid: shell.pid ?? 0, hostname: hostname() })).toBe(true);
  shell.kill('SIGKILL');
  await once(shell, 'exit');
  expect(isAlive({ pid: shell.pid ?? 0, hostname: hostname() })).toBe(false);
});

test('of another machine nobody here can tell: it counts as alive', () => {
  expect(isAlive({ pid: NOBODY, hostname: `not-${hostname()}` })).toBe(true);
});
