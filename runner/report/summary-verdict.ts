/** The head of summary.txt, and the thresholds it rests on. */
import type { Summary } from '../result/summary-schema.ts';
import { type Colors, count, WIDTH, wrap } from './format.ts';
import { invalidLines } from './summary-validity.ts';
import { table } from './table.ts';
import { thresholdValue, withUnit } from './threshold-text.ts';
import { verdictSentence } from './verdict-sentence.ts';

type Threshold = Summary['thresholds'][number];

/**
 * The verdict, each rule of validity that does not hold and each breached threshold with value and limit, what run it
 * was, and what must be known before.
 */
export function verdictLines(summary: Summary, colors: Colors): string[] {
  const { run, subject, profile, thresholds } = summary;
  const breached = thresholds.filter(({ ok }) => !ok);
  const notes = summary.notes.flatMap((note) =>
    wrap(note, WIDTH - 4).map((line) => colors.yellow(`  ! ${line}`)),
  );
  const seconds = Math.round(run.durationMs / 1000);
  return [
    headline(summary, colors),
    ...invalidLines(summary, colors),
    ...breached.flatMap((threshold) => [
      colors.red(`  ✗ ${threshold.metric}  ${threshold.expression}`),
      `      ${explain(threshold)}`,
    ]),
    '',
    `  run ${run.id}   profile ${profile.name}   seed ${run.seed}`,
    `  subject ${subject.kind} ${subject.version}   ${run.startedAt}   ${seconds} s`,
    ...(notes.length > 0 ? ['', ...notes] : []),
  ];
}

function headline(summary: Summary, colors: Colors): string {
  const { verdict } = summary;
  const color = {
    PASSED: colors.green,
    BREACHED: colors.red,
    INVALID: colors.red,
    INTERRUPTED: colors.yellow,
  }[verdict];
  return `${color(colors.bold(verdict))}  ${verdictSentence(summary)}`;
}

function explain(threshold: Threshold): string {
  const measured = thresholdValue(threshold);
  if (threshold.value === null) return measured;
  return `${measured}, limit ${withUnit(threshold, threshold.limit)} (${count(threshold.samples)} samples)`;
}

export function thresholdTable({ thresholds }: Summary, colors: Colors): string[] {
  return table(
    [
      ['', 'metric', 'expression', 'value', 'samples'],
      ...thresholds.map((threshold) => [
        threshold.ok ? colors.green('✓') : colors.red('✗'),
        threshold.metric,
        threshold.expression,
        threshold.value === null ? 'none' : withUnit(threshold, threshold.value),
        count(threshold.samples),
      ]),
    ],
    'lllr',
  );
}
