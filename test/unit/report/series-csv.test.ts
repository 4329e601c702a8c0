import { expect, test } from 'vitest';
import { ERROR_KINDS } from '../../../runner/engine/contract.ts';
import { seriesCsv } from '../../../runner/report/series-csv.ts';
import { evidence, summaryOf } from './support.ts';

test('one line a scenario and second, times empty where nothing ended', async () => {
  const summary = await summaryOf();
  const nginx = summary.scenarios.nginx_handshake;
  nginx?.series.push({
    ...nginx.series[0],
    second: 1,
    p50: null,
    p95: null,
    p99: null,
    max: null,
    sendLagP99: null,
    sendLagMax: null,
  } as never);
  const none = ',0'.repeat(ERROR_KINDS.length);
  const [head, ...lines] = seriesCsv(summary).trimEnd().split('\n');
  expect(head).toMatch(/^scenario,second,sent,completed,failed,dropped,response_time_p50_ms,/);
  expect(lines).toContain(`nginx_handshake,0,32,32,0,0,1,2,3,4,0.1,0.2${none}`);
  expect(lines).toContain(`nginx_handshake,1,32,32,0,0,,,,,,${none}`);
  expect(lines).toHaveLength(7);
});

test('its columns add up to the counts of the summary', () => {
  const summary = evidence('baseline-stand-in');
  const [head = '', ...lines] = seriesCsv(summary).trimEnd().split('\n');
  const columns = head.split(',');
  const sum = (scenario: string, column: string) =>
    lines
      .map((line) => line.split(','))
      .filter(([name]) => name === scenario)
      .reduce((total, cells) => total + Number(cells[columns.indexOf(column)]), 0);
  for (const [name, { counts }] of Object.entries(summary.scenarios)) {
    for (const column of ['sent', 'completed', 'failed', 'dropped'] as const) {
      expect(sum(name, column), `${name} ${column}`).toBe(counts[column]);
    }
  }
});
