import { Command } from 'commander';
import { coloursFor } from '../colours.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../errors.ts';
import { table } from '../report/table.ts';
import { useEngine } from '../setup/use-engine.ts';
import { addEngineOptions, type EngineFlags } from './engine-options.ts';
import { jsonOption } from './options.ts';

/** `bench doctor` */
export function doctorCommand(): Command {
  return addEngineOptions(new Command('doctor'))
    .description('look for everything that the bench needs, and say what is missing; changes nothing')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ bench doctor')
    .action(async (flags: EngineFlags & { json?: boolean }) => {
      useEngine(flags);
      const { examine } = await import('../doctor/doctor.ts');
      const findings = await examine();
      const missing = findings.filter(({ state }) => state === 'missing');
      if (missing.length > 0) process.exitCode = EXIT.environment;
      if (flags.json) {
        console.log(JSON.stringify({ ok: missing.length === 0, findings }, null, 2));
        return;
      }
      const colours = coloursFor(process.stdout);
      console.log(renderFindings(findings, colours));
    });
}

/** An aligned table, and the remedies below it. */
export function renderFindings(findings: Finding[], colours: ReturnType<typeof coloursFor>): string {
  const marks = { found: colours.green('✓'), missing: colours.red('✗'), 'not needed': colours.dim('–') };
  const rows = findings.map(({ what, state, version = '', from = '' }) => [
    marks[state],
    what,
    version,
    from,
  ]);
  const remedies = findings.flatMap(({ what, remedy }) => (remedy ? [`  ${what}: ${remedy}`] : []));
  const end =
    remedies.length > 0
      ? ['', colours.bold('Missing, and what helps:'), ...remedies]
      : ['', 'Everything is there.'];
  return [...table(rows, 'l'), ...end].join('\n');
}
