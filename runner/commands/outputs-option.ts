/** `bench load --outputs`: a stack by its outputs, where Pulumi's state cannot be asked. */
import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import { type BenchOutputs, benchOutputsSchema } from '../../infra/outputs.ts';
import { UsageError } from '../errors.ts';

const MADE_BY = '"pulumi stack output --json --show-secrets"';

export const outputsOption = () =>
  new Option(
    '--outputs <file>',
    `a stack by its outputs, as ${MADE_BY} prints them; - reads stdin; nothing is published`,
  ).conflicts(['stack', 'base', 'target']);

/** @throws UsageError where it cannot be read, or holds something else. */
export function readOutputsFile(path: string): BenchOutputs {
  let outputs: unknown;
  try {
    outputs = JSON.parse(readFileSync(path === '-' ? process.stdin.fd : path, 'utf8'));
  } catch (cause) {
    // A message of JSON.parse quotes the text, in which a key stands.
    const why = cause instanceof SyntaxError ? 'is no JSON' : `cannot be read (${(cause as Error).message})`;
    throw new UsageError(`--outputs ${path}: ${why}`);
  }
  const parsed = benchOutputsSchema.safeParse(outputs);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--outputs ${path}: must hold what ${MADE_BY} prints for a stack of this version`);
}
