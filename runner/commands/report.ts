import { join, relative } from 'node:path';
import { Command, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { FORMATS, type Format, type FormatName, renderAll } from '../report/formats.ts';
import { readRun } from '../result/read.ts';
import { replaceFiles } from '../result/write.ts';
import { jsonOption } from './options.ts';

interface Flags {
  format?: FormatName;
  json?: boolean;
}

/** `bench report` */
export function reportCommand(): Command {
  return new Command('report')
    .description('make the reports of an earlier run again, from its summary.json')
    .argument('[run]', 'id of the run, or path of its folder or of a summary.json', 'latest')
    .addOption(
      new Option('-f, --format <name>', 'print this one instead of writing all').choices(
        Object.keys(FORMATS),
      ),
    )
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ bench report latest --format md')
    .action(async (run: string, { format, json }: Flags) => {
      if (format !== undefined && json) {
        throw new UsageError('--json: goes without --format, which prints a report as it is');
      }
      const { summary, directory } = await readRun(run);
      const shown = relative(process.cwd(), directory) || '.';
      if (format !== undefined) {
        const { render }: Format = FORMATS[format];
        process.stdout.write(await render(summary, shown));
        return;
      }
      const { files, problems } = await renderAll(summary, shown);
      await replaceFiles(directory, files);
      if (problems.length > 0) throw new Error(problems.join('; '));
      const paths = files.map(({ name }) => join(shown, name));
      const { id } = summary.run;
      const answer = { run: id, verdict: summary.verdict, directory: shown, files: paths };
      console.log(json ? JSON.stringify(answer, null, 2) : paths.join('\n'));
    });
}
