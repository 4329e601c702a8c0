/** Every report that is made of a summary, and the file it is kept in. */
import type { Summary } from '../result/summary-schema.ts';
import type { ResultFile } from '../result/write.ts';
import { junitXml } from './junit-xml.ts';
import { metricsProm } from './metrics-prom.ts';
import { reportHtml } from './report-html.ts';
import { seriesCsv } from './series-csv.ts';
import { summaryMd } from './summary-md.ts';
import { renderSummaryText } from './summary-txt.ts';

export interface Format {
  /** Name of the file among the results of a run. */
  file: string;
  /** `directory` is where the results are, as a person would type it. */
  render: (summary: Summary, directory: string) => string | Promise<string>;
}

export const FORMATS = {
  txt: {
    file: 'summary.txt',
    render: (summary, directory) => renderSummaryText(summary, { color: false, directory }),
  },
  html: { file: 'report.html', render: reportHtml },
  md: { file: 'summary.md', render: summaryMd },
  csv: { file: 'series.csv', render: seriesCsv },
  junit: { file: 'junit.xml', render: junitXml },
  prom: { file: 'metrics.prom', render: metricsProm },
} satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

export interface Rendered {
  files: ResultFile[];
  /** A line for each that could not be made. */
  problems: string[];
}

/** All of them; one that cannot be made keeps no other from being made. */
export async function renderAll(summary: Summary, directory: string): Promise<Rendered> {
  const rendered: Rendered = { files: [], problems: [] };
  for (const { file, render } of Object.values<Format>(FORMATS)) {
    try {
      rendered.files.push({ name: file, content: await render(summary, directory) });
    } catch (error) {
      rendered.problems.push(
        `${file} could not be made of summary.json: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  return rendered;
}
