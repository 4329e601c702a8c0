import { Command } from 'commander';
import { table } from '../report/table.ts';
import { findEngine } from '../setup/engine.ts';
import { findInstallation } from '../setup/pulumi.ts';
import { useEngine } from '../setup/use-engine.ts';
import type { StackEntry } from '../stack/list.ts';
import { addEngineOptions, type EngineFlags, engineConfig } from './engine-options.ts';
import { jsonOption } from './options.ts';

/** `bench list` */
export function listCommand(): Command {
  return addEngineOptions(new Command('list'))
    .description(
      'show the stacks that are known here: engine, state, age, and whether somebody works on them',
    )
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ bench list --json')
    .action(async (flags: EngineFlags & { json?: boolean }) => {
      useEngine(engineConfig(flags));
      const stacks = await findStacks();
      if (flags.json) console.log(JSON.stringify({ stacks }, null, 2));
      else console.log(renderStacks(stacks, Date.now()));
    });
}

/** Looking starts nothing and installs nothing. */
async function findStacks(): Promise<StackEntry[]> {
  const installation = findInstallation();
  // Without Pulumi nothing was ever made here.
  if (installation === undefined) return [];
  const engine = await findEngine();
  const { knownStacks } = await import('../stack/known-stacks.ts');
  const { listStacks } = await import('../stack/list.ts');
  const known = await knownStacks({ engine: { host: engine?.host ?? '' }, installation });
  return listStacks(known, engine?.host);
}

/** An aligned table. */
export function renderStacks(stacks: StackEntry[], now: number): string {
  if (stacks.length === 0) return 'There is no stack here; "bench up" makes one.';
  const rows = stacks.map(({ name, kind, state, since, life, why, engine }) => [
    ...[name, kind, state, since === null ? '–' : age(now - Date.parse(since)), `${life}: ${why}`],
    engine ?? 'no engine answers',
  ]);
  return table([['STACK', 'KIND', 'STATE', 'AGE', 'LIFE', 'ENGINE'], ...rows], 'l').join('\n');
}

/** The largest two units are enough: "3d 4h", "12m 5s". */
export function age(ms: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const;
  let rest = Math.max(0, Math.floor(ms / 1000));
  const parts = units.map(([unit, seconds]) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return [count, unit] as const;
  });
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}
