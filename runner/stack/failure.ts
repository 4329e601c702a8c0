/** Turns what Pulumi says of a failed operation into words for the person. */
import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { BenchError, EnvironmentError, EXIT, UsageError } from '../errors.ts';
import { gateFailure, lostContainer } from './gate-failure.ts';
import { knownFailure } from './known-failures.ts';

/** What a failed local.Command prints, after "running <command>:". */
const COMMAND_OUTPUT = /exit status \d+: running "[^\n]*":?\n([\s\S]*)/;
/** How the load of an `up` ended that judged its run. */
const VERDICT = /exit status (97|99): running "[^\n]*bench\.mjs[^\n]* load --outputs/;
const COLOUR_MARKUP = /<\{%[^%]*%\}>/g;
/** Wrapping of the provider and of Pulumi, which says nothing to a person. */
const WRAPPING = /^(?:sdk-v2\/\S+ sdk\.\w+: |\d+ errors? occurred:\s*\* )|: provider=\S+$/g;
/** How the CLI itself ends, for example where the stack is locked: then there is no diagnostic. */
const PULUMI_ERROR = /stderr:[\s\S]*?error: (.+)/;
/** What the Node language host says of an exception; its stack trace follows. */
const EXCEPTION = /failed with an unhandled exception:\n(?:<ref \*\d+> )?(.*)/;

/** Collects the error diagnostics of one operation. */
export class Diagnostics {
  readonly #messages: { text: string; service: string | undefined }[] = [];

  add({ diagnosticEvent }: EngineEvent): void {
    if (diagnosticEvent?.severity !== 'error') return;
    const message = diagnosticEvent.message.replaceAll(COLOUR_MARKUP, '').trim();
    if (message === '' || message === 'update failed') return;
    this.#messages.push({ text: message, service: serviceOf(diagnosticEvent.urn) });
  }

  /**
   * One line with what is wrong and what helps, the end of a container's log below it. Of several errors the first
   * one that is known speaks: the others follow from it more often than not.
   */
  toError(operation: string, cause: unknown): BenchError {
    // That one has its words already.
    if (cause instanceof BenchError) return cause;
    const said = this.#messages.length > 0 ? this.#messages : [{ text: textOf(cause), service: undefined }];
    for (const { text } of said) {
      const [, code] = VERDICT.exec(text) ?? [];
      if (code === undefined) continue;
      const [exit, verdict] = code === '97' ? [EXIT.invalid, 'INVALID'] : [EXIT.breached, 'BREACHED'];
      return new BenchError(
        exit,
        `the stack is up, and its load was ${verdict}: results/latest/summary.txt says why`,
        { cause },
      );
    }
    for (const { text, service } of said) {
      const told = gateFailure(plain(text)) ?? lostContainer(text, service);
      if (told) return new EnvironmentError(`${operation} failed: ${told}`, { cause });
    }
    for (const { text, service } of said) {
      const known = knownFailure(text.trim().replaceAll(WRAPPING, ''));
      if (known?.usage) return new UsageError(known.words, { cause });
      const who = service ? `${service}: ` : '';
      if (known) return new EnvironmentError(`${operation} failed: ${who}${known.words}`, { cause });
    }
    const first = inOneLine(plain(said[0]?.text ?? ''));
    return new EnvironmentError(`${operation} failed: ${first}`, { cause });
  }
}

/** The service whose container a resource is. */
const serviceOf = (urn: string | undefined) => urn?.match(/::([^:]+)-(?:server|once)$/)?.[1];

/**
 * An error that came from outside of an operation (Pulumi's CLI, the file system) in words for the person, or the
 * same error where it is none of these.
 */
export function explain(error: unknown): unknown {
  if (error instanceof BenchError || !(error instanceof Error)) return error;
  const text = textOf(error);
  const known = knownFailure(text);
  if (known) return new (known.usage ? UsageError : EnvironmentError)(known.words, { cause: error });
  const [, said] = PULUMI_ERROR.exec(text) ?? [];
  return said ? new EnvironmentError(`Pulumi refuses: ${said}`, { cause: error }) : error;
}

/** What a failed command printed, or the error of the provider, the program or the CLI without what is around it. */
function plain(message: string): string {
  const words = [COMMAND_OUTPUT, EXCEPTION, PULUMI_ERROR].map((pattern) => pattern.exec(message)?.[1]);
  return (words.find(Boolean) ?? message).trim().replaceAll(WRAPPING, '');
}

const inOneLine = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ');

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
