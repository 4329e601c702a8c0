/** Which stack a command means. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalWorkspace } from '@pulumi/pulumi/automation/index.js';
import { UsageError } from '../errors.ts';
import { benchDir } from '../paths.ts';
import { type Run, readRun } from './runs.ts';

const file = join(benchDir, 'last-stack');

/** Notes the stack that `up` made, for the commands that follow. */
export function rememberStack(name: string): void {
  mkdirSync(benchDir, { recursive: true });
  writeFileSync(file, name);
}

export function forgetStack(name: string): void {
  if (lastStack() === name) rmSync(file, { force: true });
}

/** The one that `up` made last here, if it is still there. */
export function lastStack(): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const NAMED = 'named by --stack';
const LAST = 'the last one that "bench up" made';

/** The run directory of the ephemeral stack that is named, or that `up` made last; undefined: it is none. */
export function currentRun(flag: string | undefined): { run: Run; why: string } | undefined {
  const name = flag ?? lastStack();
  const run = name === undefined ? undefined : readRun(name);
  return run && { run, why: flag === undefined ? LAST : NAMED };
}

/**
 * Of the persistent stacks: `--stack`, else the last one that `up` made here, else the one selected in Pulumi.
 * @throws UsageError where there is none of them.
 */
export async function currentStack(
  flag: string | undefined,
  workspace: LocalWorkspace,
): Promise<{ name: string; why: string }> {
  if (flag !== undefined) return { name: flag, why: NAMED };
  const names = (await workspace.listStacks()).map(({ name }) => name);
  const last = lastStack();
  if (last !== undefined && names.includes(last)) return { name: last, why: LAST };
  const selected = await workspace.stack();
  if (selected) return { name: selected.name, why: 'selected in Pulumi' };
  throw new UsageError('there is no stack here; "bench up" makes one, or name one with --stack');
}
