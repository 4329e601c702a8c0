import { Command, Option } from 'commander';
import { EXIT, UsageError } from '../errors.ts';
import { durationMs } from '../profiles/duration.ts';
import { table } from '../report/table.ts';
import {
  type Engine,
  findEngine,
  isPrivate,
  startPrivateEngine,
  stopPrivateEngine,
} from '../setup/engine.ts';
import { isIdle } from '../setup/idle.ts';
import { useEngine } from '../setup/use-engine.ts';
import type { Leftover } from '../sweep/leftover.ts';
import { findLeftovers, type Swept, sweep } from '../sweep/sweep.ts';
import { addEngineOptions, type EngineFlags, engineConfig } from './engine-options.ts';
import { age } from './list.ts';
import { jsonOption, say } from './options.ts';

interface Flags extends EngineFlags {
  dryRun?: boolean;
  json?: boolean;
  olderThan: number;
}

const olderThanOption = () =>
  new Option(
    '--older-than <duration>',
    'only what was made at least so long ago; then also what other machines made in the engine',
  )
    .argParser((text) => {
      const ms = durationMs(text);
      if (ms !== undefined) return ms;
      throw new UsageError(`--older-than "${text}": must be a duration such as 30m or 12h`);
    })
    .default(0, '0s');

const HELP = `
It removes ephemeral stacks whose commands have ended without taking them down, or whose --ttl is over (their
containers, networks, volumes, processes and run directories), temporary files and locks of commands that have ended,
and private engines whose clone is gone. It never touches what a living command uses, a persistent stack, or
anything without the bench's labels. What another machine made in a shared engine it names only: whether somebody
needs it is not known here. With --older-than it removes that too, where it is that old.

Example:
  $ bench sweep --dry-run`;

/** `bench sweep` */
export function sweepCommand(): Command {
  return addEngineOptions(new Command('sweep'))
    .description('remove what killed commands left behind, never what a living one uses')
    .option('--dry-run', 'show it and remove nothing')
    .addOption(olderThanOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async ({ dryRun = false, json, olderThan, ...engineFlags }: Flags) => {
      useEngine(engineConfig(engineFlags));
      const { engine, answers } = await engineThatAnswers();
      const { leftovers, notTouched } = await findLeftovers({ engine: engine?.host, olderThanMs: olderThan });
      const started = dryRun || engine ? undefined : await startFor(leftovers);
      const swept = await sweep(leftovers, { dryRun }).finally(async () => {
        if (started && (await isIdle(started))) await stopPrivateEngine();
      });
      for (const line of renderNotTouched(notTouched, Date.now())) say(line);
      if (json) console.log(JSON.stringify({ dryRun, swept }, null, 2));
      else console.log(renderSwept(swept, Date.now(), dryRun));
      const isWhole = answers && (dryRun || swept.every(({ removed }) => removed));
      if (!isWhole) process.exitCode = EXIT.environment;
    });
}

/** The engine; that the one which was named does not answer is told, and keeps nobody from sweeping this machine. */
async function engineThatAnswers(): Promise<{ engine?: Engine | undefined; answers: boolean }> {
  try {
    return { engine: await findEngine(), answers: true };
  } catch (error) {
    say(`${(error as Error).message}. What is left in that engine stays.`);
    return { answers: false };
  }
}

/** The private engine of this clone, where it has ended too and something is left in it. */
async function startFor(leftovers: Leftover[]) {
  const needsIt = leftovers.some(({ engine }) => engine !== undefined && isPrivate(engine));
  if (!needsIt) return undefined;
  say('Starting the private engine, in which something is left');
  return startPrivateEngine();
}

/** A line each for what other machines have in the engine. */
export function renderNotTouched(notTouched: Leftover[], now: number): string[] {
  return notTouched.map(
    ({ name, machine, since }) =>
      `Not touched: ${name} of another machine (${machine}), ${age(now - since.getTime())} old; --older-than removes what is older than all that may still run there`,
  );
}

export function renderSwept(swept: Swept[], now: number, dryRun: boolean): string {
  if (swept.length === 0) return 'Nothing is left of any command that has ended.';
  const rows = swept.map(({ what, name, since, why, removed, error }) => [
    dryRun ? 'would remove' : removed ? 'removed' : 'NOT removed',
    ...[what, name, age(now - Date.parse(since)), error ? `${why}; ${error}` : why],
  ]);
  return table(rows, 'l').join('\n');
}
