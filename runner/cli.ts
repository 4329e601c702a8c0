/** The command line: one file a command in commands/. */
import { Command, CommanderError } from 'commander';
import { coloursFor } from './colours.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downCommand } from './commands/down.ts';
import { engineCommand } from './commands/engine.ts';
import { envCommand } from './commands/env.ts';
import { imagesCommand } from './commands/images.ts';
import { listCommand } from './commands/list.ts';

import { loadCommand } from './commands/load.ts';
import { loadtestCommand } from './commands/loadtest.ts';
import { planCommand } from './commands/plan.ts';
import { publishCommand } from './commands/publish.ts';
import { reportCommand } from './commands/report.ts';
import { selftestCommand } from './commands/selftest.ts';
import { setupCommand } from './commands/setup.ts';
import { statusCommand } from './commands/status.ts';
import { sweepCommand } from './commands/sweep.ts';
import { upCommand } from './commands/up.ts';
import { refuseInOneLine } from './commands/usage.ts';
import { BenchError, EXIT } from './errors.ts';
import { explain } from './stack/failure.ts';

function buildProgram(): Command {
  const program = new Command('bench').description(
    'How much can certctl carry? A stack, a load, and a verdict with its methodology.',
  );
  refuseInOneLine(program);
  const commands = [
    loadtestCommand,
    setupCommand,
    doctorCommand,
    selftestCommand,
    upCommand,
    loadCommand,
    reportCommand,
    planCommand,
    publishCommand,
    downCommand,
    sweepCommand,
    listCommand,
    statusCommand,
    envCommand,
    engineCommand,
    imagesCommand,
  ];
  for (const make of commands) {
    const command = make();
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
    await buildProgram().parseAsync(argv, { from: 'user' });
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
