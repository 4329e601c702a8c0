import { randomInt } from 'node:crypto';
import { Command } from 'commander';
import { coloursFor } from '../colours.ts';
import { makePlan } from '../plan/schedule.ts';
import { loadProfile } from '../profiles/load.ts';
import type { Override } from '../profiles/override.ts';
import { planRows, renderPlan } from '../report/plan-txt.ts';
import { profileOption, seedOption, setOption } from './load.ts';
import { jsonOption } from './options.ts';

/** `bench plan` */
export function planCommand(): Command {
  return new Command('plan')
    .description('print what a profile will do, and when, without a stack and without sending anything')
    .addOption(profileOption())
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ bench plan --profile smoke --seed 42')
    .action(async (flags: { profile: string; set: Override[]; seed?: number; json?: boolean }) => {
      const profile = await loadProfile(flags.profile, flags.set, process.env);
      const plan = makePlan(profile, { seed: flags.seed ?? randomInt(2 ** 31), runId: 'plan' });
      const text = flags.json
        ? `${JSON.stringify({ profile: profile.name, seed: plan.seed, scenarios: planRows(plan) }, null, 2)}\n`
        : renderPlan(profile, plan, coloursFor(process.stdout));
      process.stdout.write(text);
    });
}
