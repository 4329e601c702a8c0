/** summary.md: the verdict and its tables in GitHub's Markdown, for the summary of a workflow's step. */
import { brokenRules, type Summary } from '../result/summary-schema.ts';
import { count, ms, percent } from './format.ts';
import { brokenRule } from './summary-validity.ts';
import { thresholdValue, withUnit } from './threshold-text.ts';
import { verdictSentence } from './verdict-sentence.ts';

/** The whole text, ending in a newline. */
export function summaryMd(summary: Summary): string {
  const { run, subject, profile, notes } = summary;
  const lines = [
    `## ${MARKS[summary.verdict]} ${summary.verdict}: ${verdictSentence(summary)}`,
    '',
    ...broken(summary),
    ...notes.flatMap((note) => ['> [!WARNING]', `> ${text(note)}`, '']),
    `Profile \`${profile.name}\`, subject ${text(`${subject.kind} ${subject.version}`)}, run \`${run.id}\`, seed ${run.seed}, ` +
      `${Math.round(run.durationMs / 1000)} s.`,
    '',
    ...thresholds(summary),
    '',
    ...tiers(summary),
    '',
    'Times in ms from the intended start of the plan, connect and TLS included. ' +
      'All figures are in `summary.json`, the charts in `report.html`.',
  ];
  return `${lines.join('\n')}\n`;
}

const MARKS: Record<Summary['verdict'], string> = {
  PASSED: '✅',
  BREACHED: '❌',
  INVALID: '❌',
  INTERRUPTED: '⚠️',
};

/** What makes it INVALID. */
function broken(summary: Summary): string[] {
  const lines = brokenRules(summary).map((rule) => `- ${code(rule.rule)}: ${text(brokenRule(rule))}`);
  return lines.length > 0 ? [...lines, ''] : [];
}

function thresholds(summary: Summary): string[] {
  return table(
    ['', 'threshold', 'limit', 'value', 'samples'],
    summary.thresholds.map((threshold) => [
      threshold.ok ? '✅' : '❌',
      code(threshold.metric),
      code(threshold.expression),
      text(threshold.value === null ? thresholdValue(threshold) : withUnit(threshold, threshold.value)),
      count(threshold.samples),
    ]),
    'lllrr',
  );
}

function tiers({ api_tier, connector_tier }: Summary): string[] {
  return table(
    ['', 'p50', 'p95', 'p99', 'max', 'errors', 'iterations'],
    Object.entries({ ...api_tier, ...connector_tier })
      .filter(([, { iterations }]) => iterations !== null)
      .map(([name, { p50, p95, p99, max, error_rate, iterations }]) => [
        name,
        ...[p50, p95, p99, max].map(ms),
        percent(error_rate),
        count(iterations),
      ]),
    'lrrrrrr',
  );
}

/** `aligns` has a letter a column: l or r. */
function table(head: string[], rows: string[][], aligns: string): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    `|${[...aligns].map((one) => (one === 'r' ? '-:|' : '-|')).join('')}`,
    ...rows.map(line),
  ];
}

/** On one line, and without what would end a cell or begin HTML. */
function text(plain: string): string {
  return oneLine(plain).replaceAll('<', '&lt;');
}

/** In a code span nothing but the cell's own border has a meaning. */
const code = (plain: string) => `\`${oneLine(plain).replaceAll('`', "'")}\``;

const oneLine = (plain: string) => plain.replace(/[\p{Cc}\s]+/gu, ' ').replaceAll('|', '\\|');
