/** The command line: one file a command in commands/. */
import { Command, CommanderError } from 'commander';
import { coloursFor } from './colours.ts';
import { refuseInOneLine } from './commands/usage.ts';
import { BenchError, EXIT } from './errors.ts';
import { explain } from './stack/failure.ts';

/** In the order of the help. Each is imported when it is wanted: what one of them needs takes others half a second. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  loadtest: async () => (await import('./commands/loadtest.ts')).loadtestCommand(),
  setup: async () => (await import('./commands/setup.ts')).setupCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  selftest: async () => (await import('./commands/selftest.ts')).selftestCommand(),
  up: async () => (await import('./commands/up.ts')).upCommand(),
  load: async () => (await import('./commands/load.ts')).loadCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  plan: async () => (await import('./commands/plan.ts')).planCommand(),
  publish: async () => (await import('./commands/publish.ts')).publishCommand(),
  down: async () => (await import('./commands/down.ts')).downCommand(),
  sweep: async () => (await import('./commands/sweep.ts')).sweepCommand(),
  list: async () => (await import('./commands/list.ts')).listCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
  env: async () => (await import('./commands/env.ts')).envCommand(),
  engine: async () => (await import('./commands/engine.ts')).engineCommand(),
  images: async () => (await import('./commands/images.ts')).imagesCommand(),
};

/** With the command that comes first; with all of them for help, and for a name that is none. */
async function buildProgram([first = '']: string[]): Promise<Command> {
  const program = new Command('bench').description(
    'How much can certctl carry? A stack, a load, and a verdict with its methodology.',
  );
  refuseInOneLine(program);
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  for (const make of named ? [named] : Object.values(COMMANDS)) {
    const command = await make();
    for (const one of [command, ...command.commands]) {
      refuseInOneLine(one);
      one.option('--verbose', 'show everything, causes of errors included');
    }
    program.addCommand(command);
  }
  return program;
}

/** Runs the command line and sets the exit code. */
export async function main(argv: string[]): Promise<void> {
  try {
    await (await buildProgram(argv)).parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = report(explain(error), argv.includes('--verbose'));
  }
}

/** One line for the person; the cause only where it was asked for. */
function report(error: unknown, verbose: boolean): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.usage;
  const known = error instanceof BenchError;
  const message = error instanceof Error ? error.message : String(error);
  const hint = known ? '' : ' (an error of the bench itself; --verbose shows where)';
  process.stderr.write(`${coloursFor(process.stderr).red('bench:')} ${message}${hint}\n`);
  if (verbose) console.error(error);
  return known ? error.exitCode : EXIT.internal;
}
