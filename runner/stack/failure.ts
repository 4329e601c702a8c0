/** Turns what Pulumi says of a failed operation into words for the person. */
import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { EnvironmentError } from '../errors.ts';

/** What a failed local.Command prints, after "running <command>:". */
const COMMAND_OUTPUT = /exit status \d+: running "[^\n]*":?\n([\s\S]*)/;
/** What the Node language host says of an exception; its stack trace follows. */
const EXCEPTION = /failed with an unhandled exception:\n(?:<ref \*\d+> )?(.*)/;
/** How the CLI itself ends, for example where the stack is locked: then there is no diagnostic. */
const CLI_ERROR = /(?:^| )error: (.+)/m;
const COLOUR_MARKUP = /<\{%[^%]*%\}>/g;

/** Collects the error diagnostics of one operation. */
export class Diagnostics {
  readonly #messages: string[] = [];

  add({ diagnosticEvent }: EngineEvent): void {
    if (diagnosticEvent?.severity !== 'error') return;
    const message = diagnosticEvent.message.replaceAll(COLOUR_MARKUP, '').trim();
    if (message !== '' && message !== 'update failed') this.#messages.push(message);
  }

  /** The first error that says something, without Pulumi's wrapping. */
  toError(operation: string, cause: unknown): EnvironmentError {
    const [first = withoutOutput(cause)] = this.#messages;
    const words = COMMAND_OUTPUT.exec(first)?.[1] || EXCEPTION.exec(first)?.[1] || first;
    return new EnvironmentError(`${operation} failed: ${words.trim()}`, { cause });
  }
}

/** The Automation API's message holds all that the CLI printed. */
function withoutOutput(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return CLI_ERROR.exec(message)?.[1] ?? message;
}
