/** summary.txt: the verdict first, then what it rests on, for a terminal, a log or a mail of 100 columns. */
import pc from 'picocolors';
import { HISTOGRAM_LOG } from '../result/histogram-log.ts';
import type { Summary } from '../result/summary-schema.ts';
import { count, ms, percent, WIDTH, wrap } from './format.ts';
import { arrivals, connections } from './summary-arrivals.ts';
import { deployLoops } from './summary-deploy.ts';
import { methodology } from './summary-methodology.ts';
import { validityTable } from './summary-validity.ts';
import { thresholdTable, verdictLines } from './summary-verdict.ts';
import { table } from './table.ts';

export interface SummaryTextOptions {
  color: boolean;
  /** Where the results are, as a person would type it. */
  directory: string;
}

/** The whole report, ending in a newline. */
export function renderSummaryText(summary: Summary, { color, directory }: SummaryTextOptions): string {
  const colors = pc.createColors(color);
  const section = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : ['', colors.bold(title), ...lines];
  const lines = [
    ...verdictLines(summary, colors),
    ...section('API tier: response time from the intended start, ms', tierTable(summary.api_tier)),
    ...section('Connector tier: response time with TCP connect and full TLS handshake, ms', [
      ...tierTable(summary.connector_tier),
      ...K6_NOTE.map((line) => colors.dim(line)),
    ]),
    ...section(
      'Deploy loops: from the renewal until the new certificate is served, ms',
      deployLoops(summary),
    ),
    ...section('Thresholds', thresholdTable(summary, colors)),
    ...section('Validity', validityTable(summary, colors)),
    ...section('Arrivals', arrivals(summary, colors)),
    ...section('Connections', connections(summary)),
    ...section('Methodology', methodology(summary)),
    ...section('Files', files(directory)),
  ];
  return `${lines.join('\n')}\n`;
}

const K6_NOTE = wrap(
  "Higher than k6's http_req_duration, which leaves out connect and TLS; under k6's name and with its " +
    'meaning it is in summary.json, metrics.http_req_duration{target_type:…}.',
  WIDTH - 2,
).map((line) => `  ${line}`);

function tierTable(tier: Summary['api_tier'] | Summary['connector_tier']): string[] {
  return table([
    ['', 'p50', 'p95', 'p99', 'max', 'avg', 'errors', 'iterations'],
    ...Object.entries(tier).map(([name, { p50, p95, p99, max, avg, error_rate, iterations }]) =>
      iterations === null
        ? [name, 'not run', '', '', '', '', '', '']
        : [name, ...[p50, p95, p99, max, avg].map(ms), percent(error_rate), count(iterations)],
    ),
  ]);
}

function files(directory: string): string[] {
  return table(
    [
      [`${directory}/report.html`, 'the report with charts, for a browser'],
      [`${directory}/summary.json`, 'all figures; schema in docs/summary.schema.json'],
      [`${directory}/${HISTOGRAM_LOG}`, 'raw HDR histograms, an HdrHistogram log'],
      [`${directory}/series.csv`, 'one line a scenario and second'],
    ],
    'l',
  );
}
