/** series.csv: one line a scenario and second, for spreadsheets and notebooks. */
import type { Summary } from '../result/summary-schema.ts';

const COLUMNS = ['sent', 'completed', 'failed', 'dropped'] as const;
const TIMES = ['p50', 'p95', 'p99', 'max'] as const;

/**
 * Times are response times in ms of the arrivals that ended in the second, empty where none did. Names of scenarios
 * are letters, digits and underscores, so nothing needs quotes.
 */
export function seriesCsv({ scenarios }: Summary): string {
  const head = ['scenario', 'second', ...COLUMNS, ...TIMES.map((name) => `response_time_${name}_ms`)];
  const lines = Object.entries(scenarios).flatMap(([name, { series }]) =>
    series.map((point) =>
      [
        name,
        point.second,
        ...COLUMNS.map((column) => point[column]),
        ...TIMES.map((time) => point[time] ?? ''),
      ].join(','),
    ),
  );
  return `${[head.join(','), ...lines].join('\n')}\n`;
}
