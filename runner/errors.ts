/** Errors that are for the person at the keyboard: one line, with the remedy in it. */

/** The exit codes of the CLI and of `npm run`; make can only show zero or not. */
export const EXIT = {
  passed: 0,
  internal: 1,
  usage: 2,
  environment: 3,
  invalid: 97,
  breached: 99,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error with an exit code. The message is one line for the person; `cause` is for the developer. */
export class BenchError extends Error {
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BenchError';
    this.exitCode = exitCode;
  }
}

/** Bad input: a flag, a profile, a config key. Exit code 2. */
export class UsageError extends BenchError {
  constructor(message: string, options?: ErrorOptions) {
    super(EXIT.usage, message, options);
    this.name = 'UsageError';
  }
}

/** Something outside is missing or broken: engine, toolchain, stack. Exit code 3. */
export class EnvironmentError extends BenchError {
  constructor(message: string, options?: ErrorOptions) {
    super(EXIT.environment, message, options);
    this.name = 'EnvironmentError';
  }
}
