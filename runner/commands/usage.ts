/** Commander's complaints as errors of the bench: one line that names the flag and what is allowed. */
import type { Command, CommanderError } from 'commander';
import { UsageError } from '../errors.ts';

/** From now on what `command` refuses is thrown as a UsageError; help stays as it is. */
export function refuseInOneLine(command: Command): void {
  command.configureOutput({ outputError: () => {} });
  command.exitOverride((error) => {
    throw error.code.startsWith('commander.help') ? error : new UsageError(complaint(error, command));
  });
}

function complaint({ message, code }: CommanderError, command: Command): string {
  const words = message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  const allowed = code === 'commander.unknownCommand' ? commandsOf(command) : flagsOf(command);
  return `${words}; "${nameOf(command)}" takes ${allowed}`;
}

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

const commandsOf = (command: Command) => command.commands.map((one) => one.name()).join(', ');

function flagsOf(command: Command): string {
  const flags = [...command.options.map(({ long }) => long), '--help'].join(', ');
  const values = command.registeredArguments.map((argument) => `[${argument.name()}]`);
  return [...values, flags].join(' ');
}
