/** Runs a program of the toolchain: its output goes to a log file, a failure becomes one line with the tail. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { EnvironmentError } from '../errors.ts';

/**
 * Runs `file` with `args` to its end; `log` holds what it printed.
 * @throws EnvironmentError with the last line that it printed and where the whole log is.
 */
export async function runLogged(
  file: string,
  args: string[],
  log: string,
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<void> {
  mkdirSync(dirname(log), { recursive: true });
  rmSync(log, { force: true });
  const toLog = { file: log, append: true };
  try {
    await execa(file, args, { ...options, stdin: 'ignore', stdout: toLog, stderr: toLog });
  } catch (cause) {
    const last = readFileSync(log, 'utf8').trim().split('\n').at(-1);
    throw new EnvironmentError(`${file} failed: ${last || String(cause)} (whole log: ${log})`, { cause });
  }
}
