/** What became of the arrivals, why some failed, and what the servers negotiated. */
import type { ScenarioSummary, Summary } from '../result/summary-schema.ts';
import { type Colors, clip, count, WIDTH } from './format.ts';
import { table } from './table.ts';

/** What is left of the line beside the names and counts of the bundled profiles. */
const NEGOTIATED_WIDTH = 60;

/** One row a scenario, then its errors by kind, each with one example. */
export function arrivals({ scenarios }: Summary, colors: Colors): string[] {
  const fates = Object.entries(scenarios).map(([name, { counts }]) => [
    name,
    count(counts.offered),
    count(counts.completed),
    count(counts.failed),
    count(counts.dropped),
    count(counts.unfinished),
  ]);
  return [
    ...table([['', 'offered', 'completed', 'failed', 'dropped', 'unfinished'], ...fates]),
    ...Object.entries(scenarios).flatMap(([name, scenario]) => errors(name, scenario, colors)),
  ];
}

function errors(name: string, { counts, errorSamples }: ScenarioSummary, colors: Colors): string[] {
  return Object.entries(counts.failedByKind)
    .filter(([, times]) => times > 0)
    .map(([kind, times]) => {
      const head = `  ✗ ${name}  ${count(times)} × ${kind}`;
      const sample = errorSamples.find((one) => one.kind === kind);
      if (sample === undefined) return colors.red(head);
      return `${colors.red(head)}  ${clip(sample.message, WIDTH - head.length - 2)}`;
    });
}

/** What was negotiated, most frequent first; every value where the servers did not agree. */
export function connections({ scenarios }: Summary): string[] {
  return table(
    [
      ['', 'opened', 'resumed', 'negotiated'],
      ...Object.entries(scenarios).map(([name, { negotiated }]) => [
        name,
        count(negotiated.connections),
        count(negotiated.sessionsReused),
        clip(negotiatedNames(negotiated), NEGOTIATED_WIDTH),
      ]),
    ],
    'lrrl',
  );
}

function negotiatedNames({ protocol, cipher, group, alpn }: ScenarioSummary['negotiated']): string {
  return [protocol, cipher, group, alpn].map(byFrequency).filter(Boolean).join('  ');
}

function byFrequency(seen: Record<string, number>): string {
  return Object.entries(seen)
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name)
    .join('|');
}
