/** series.csv: one line a scenario and second, for spreadsheets and notebooks. */
import { ERROR_KINDS } from '../engine/contract.ts';
import type { Summary } from '../result/summary-schema.ts';

const COLUMNS = ['sent', 'completed', 'failed', 'dropped'] as const;
const TIMES = {
  p50: 'response_time_p50_ms',
  p95: 'response_time_p95_ms',
  p99: 'response_time_p99_ms',
  max: 'response_time_max_ms',
  sendLagP99: 'send_lag_p99_ms',
  sendLagMax: 'send_lag_max_ms',
} as const;
const TIME_KEYS = Object.keys(TIMES) as (keyof typeof TIMES)[];

const FAILURES = ERROR_KINDS.map((kind) => `failed_${kind}`);

/**
 * Times are response times in ms of the arrivals that ended in the second, empty where none did. Names of scenarios
 * are letters, digits and underscores, so nothing needs quotes.
 */
export function seriesCsv({ scenarios }: Summary): string {
  const head = ['scenario', 'second', ...COLUMNS, ...Object.values(TIMES), ...FAILURES];
  const lines = Object.entries(scenarios).flatMap(([name, { series }]) =>
    series.map((point) =>
      [
        name,
        point.second,
        ...COLUMNS.map((column) => point[column]),
        ...TIME_KEYS.map((time) => point[time] ?? ''),
        ...ERROR_KINDS.map((kind) => point.failedByKind?.[kind] ?? 0),
      ].join(','),
    ),
  );
  return `${[head.join(','), ...lines].join('\n')}\n`;
}
