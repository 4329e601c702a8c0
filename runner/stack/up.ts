/** Brings a stack up, with progress. */
import type { EngineEvent, OutputMap, Stack } from '@pulumi/pulumi/automation/index.js';
import { Diagnostics } from './failure.ts';
import { cancelOnce } from './interruptible.ts';
import { unlessObjectsAreMissing } from './missing-objects.ts';
import { unlessLocked } from './repair.ts';
import { keepSubjectToken } from './subject-token.ts';
import { inTurn } from './turn.ts';

export interface OperationOptions {
  interrupt: AbortSignal;
  /** One line of progress. */
  say: (line: string) => void;
  /** Everything that Pulumi prints. */
  verbose?: ((text: string) => void) | undefined;
}

/**
 * `pulumi up`, in turn with others of this checkout.
 * @returns the outputs of the stack
 * @throws EnvironmentError with the words of what failed.
 */
export async function up(stack: Stack, { interrupt, say, verbose }: OperationOptions): Promise<OutputMap> {
  const cancellation = cancelOnce(interrupt);
  const diagnostics = new Diagnostics();
  let started = performance.now();
  const onEvent = (event: EngineEvent) => {
    diagnostics.add(event);
    const [service, became] = milestone(event);
    if (service) say(`  ${service.padEnd(10)} ${became} after ${seconds(performance.now() - started)}`);
  };
  try {
    await keepSubjectToken(stack);
    const bringUp = () => {
      started = performance.now();
      return stack.up({
        onEvent,
        onOutput: (text) => {
          cancellation.onOutput(text);
          verbose?.(text);
        },
        ...(verbose && { onError: verbose }),
        signal: cancellation.signal,
      });
    };
    const repaired = () => unlessObjectsAreMissing(stack, () => unlessLocked(stack, bringUp, say), say);
    const { outputs } = await inTurn(repaired, { interrupt, say });
    return outputs;
  } catch (cause) {
    throw diagnostics.toError('up', cause);
  }
}

/** What this event says has been reached: a gate is open, an image is built, or the load, which takes its time, begins. */
function milestone({ resourcePreEvent, resOutputsEvent }: EngineEvent): [service?: string, became?: string] {
  const begun = resourcePreEvent?.metadata;
  if (begun && begun.op !== 'same' && /::load-run$/.test(begun.urn)) return ['load', 'begun'];
  const { op, urn } = resOutputsEvent?.metadata ?? {};
  // A replacement also says "replace", before the new gate is made or after: that one would be said twice.
  if (op !== 'create' && op !== 'create-replacement') return [];
  const [, service, what] = urn?.match(/::([^:]+)-(ready|image)$/) ?? [];
  return service ? [service, what === 'ready' ? 'ready' : 'built'] : [];
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
