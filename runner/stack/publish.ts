/** Publishes a run: its verdict and figures become outputs of the stack that it measured. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import type { ExecaError } from 'execa';
import { EnvironmentError } from '../errors.ts';
import { publishedResult } from '../result/published.ts';
import type { Summary } from '../result/summary-schema.ts';
import { runPulumi, setConfig } from './workspace.ts';

/**
 * A second `up` in which every resource is "same" and only outputs change. Without refresh: a container that the
 * load has killed is left as it is, for whoever wants to know why.
 * @throws EnvironmentError where that `up` fails or would change a resource.
 */
export async function publish(stack: Stack, result: Record<string, unknown>): Promise<void> {
  await setConfig(stack, { result: JSON.stringify(result) });
  const args = [
    'up',
    '--stack',
    stack.name,
    '--yes',
    '--skip-preview',
    '--refresh=false',
    '--expect-no-changes',
  ];
  try {
    await runPulumi(stack, args);
  } catch (cause) {
    const { stdout, stderr } = cause as ExecaError<{ encoding: 'utf8' }>;
    const why = /error: (.+)/.exec(`${stderr}\n${stdout}`)?.[1] ?? (cause as Error).message;
    throw new EnvironmentError(
      `publishing to stack "${stack.name}" failed: ${why} (the results are complete)`,
      { cause },
    );
  }
}

/** All outputs of the stack, secrets masked: what stays of a stack that goes down. */
export async function maskedOutputs(stack: Stack): Promise<Record<string, unknown>> {
  const outputs = await stack.outputs();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? '[secret]' : value]),
  );
}

/** Publishes a finished run; a failure is told and leaves the results as they are. */
export async function tryPublish(
  stack: Stack,
  { summary, summaryJson }: { summary: Summary; summaryJson: string },
  say: (line: string) => void,
  verbose: ((text: string) => void) | undefined,
): Promise<boolean> {
  try {
    await publish(stack, publishedResult(summary, summaryJson));
    return true;
  } catch (error) {
    say((error as Error).message);
    verbose?.(`${String((error as Error).cause)}\n`);
    return false;
  }
}
