/** The head of summary.txt, and the thresholds it rests on. */
import type { Summary } from '../result/summary-schema.ts';
import { type Colors, count, ms, WIDTH, wrap } from './format.ts';
import { table } from './table.ts';

type Threshold = Summary['thresholds'][number];

/** The verdict, each breached threshold with value and limit, what run it was, and what must be known before. */
export function verdictLines(summary: Summary, colors: Colors): string[] {
  const { run, subject, profile, thresholds } = summary;
  const breached = thresholds.filter(({ ok }) => !ok);
  const notes = summary.notes.flatMap((note) =>
    wrap(note, WIDTH - 4).map((line) => colors.yellow(`  ! ${line}`)),
  );
  const seconds = Math.round(run.durationMs / 1000);
  return [
    headline(summary, breached.length, colors),
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

function headline({ verdict, thresholds }: Summary, breached: number, colors: Colors): string {
  const of = `${breached} of ${thresholds.length} thresholds`;
  switch (verdict) {
    case 'PASSED':
      return `${colors.green(colors.bold('PASSED'))}  all ${thresholds.length} thresholds held`;
    case 'BREACHED':
      return `${colors.red(colors.bold('BREACHED'))}  ${of}`;
    case 'INTERRUPTED':
      return `${colors.yellow(colors.bold('INTERRUPTED'))}  partial: neither a pass nor a breach (${of} not met so far)`;
  }
}

function explain(threshold: Threshold): string {
  const { value, samples, reason } = threshold;
  if (value === null) return reason ?? '';
  return `value ${withUnit(threshold, value)}, limit ${withUnit(threshold, threshold.limit)} (${count(samples)} samples)`;
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

/** Ratios keep the digits that an expression such as `rate<0.01` is compared with. */
function withUnit({ unit }: Threshold, value: number): string {
  switch (unit) {
    case 'ms':
      return `${ms(value)} ms`;
    case 'count':
      return count(value);
    case 'per second':
      return `${ms(value)}/s`;
    case 'ratio':
      return value === 0 ? '0' : value.toPrecision(3);
  }
}
