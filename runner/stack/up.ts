/** Brings a stack up, with progress. */
import type { EngineEvent, OutputMap, Stack } from '@pulumi/pulumi/automation/index.js';
import { Diagnostics } from './failure.ts';
import { cancelOnce } from './interruptible.ts';
import { unlessLocked } from './repair.ts';

export interface OperationOptions {
  interrupt: AbortSignal;
  /** One line of progress. */
  say: (line: string) => void;
  /** Everything that Pulumi prints. */
  verbose?: ((text: string) => void) | undefined;
}

/**
 * `pulumi up`.
 * @returns the outputs of the stack
 * @throws EnvironmentError with the words of what failed.
 */
export async function up(stack: Stack, { interrupt, say, verbose }: OperationOptions): Promise<OutputMap> {
  const cancellation = cancelOnce(interrupt);
  const diagnostics = new Diagnostics();
  const started = performance.now();
  const onEvent = (event: EngineEvent) => {
    diagnostics.add(event);
    const service = readyService(event);
    if (service) say(`  ${service.padEnd(10)} ready after ${seconds(performance.now() - started)}`);
  };
  try {
    const { outputs } = await unlessLocked(stack, () =>
      stack.up({
        onEvent,
        onOutput: (text) => {
          cancellation.onOutput(text);
          verbose?.(text);
        },
        ...(verbose && { onError: verbose }),
        signal: cancellation.signal,
      }),
    );
    return outputs;
  } catch (cause) {
    throw diagnostics.toError('up', cause);
  }
}

/** The service whose gate this event says has opened. */
function readyService({ resOutputsEvent }: EngineEvent): string | undefined {
  const { op, urn } = resOutputsEvent?.metadata ?? {};
  // A replacement also says "replace", before the new gate is made or after: that one would be said twice.
  if (op !== 'create' && op !== 'create-replacement') return undefined;
  return urn?.match(/::([^:]+)-ready$/)?.[1];
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
