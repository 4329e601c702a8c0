import { HistogramLogReader, listTags } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { TREND_METRICS } from '../../../runner/engine/contract.ts';
import { histogramLog, sha256 } from '../../../runner/result/histogram-log.ts';
import { statistics } from '../../../runner/result/statistics.ts';
import { buildSummary } from '../../../runner/result/summary.ts';
import { healthyScenarios, runOf, scenarioOf, summaryInput } from './run-fixture.ts';

const result = runOf([...healthyScenarios(), scenarioOf('idle', [])]);
const log = histogramLog(result);

test('a log reader finds every scenario and trend with samples, each with the figures of the summary', async () => {
  const { scenarios } = buildSummary(await summaryInput(runOf(healthyScenarios())));
  const reader = new HistogramLogReader(log);
  const tags: string[] = [];
  for (let one = reader.nextIntervalHistogram(); one !== null; one = reader.nextIntervalHistogram()) {
    tags.push(one.tag);
    const [scenario = '', metric = ''] = one.tag.split('.');
    const { response_time, service_time, send_lag, phases } = scenarios[scenario] ?? {};
    const expected = { response_time, service_time, send_lag, ...phases }[metric];
    expect(statistics(one), one.tag).toEqual(expected);
  }
  expect(tags).toHaveLength(6 * TREND_METRICS.filter((metric) => !metric.startsWith('deploy_')).length);
  expect(new Set(tags)).toEqual(new Set(listTags(log)));
});

test('the lines are those of the format: start, length, greatest value in ms, histogram', () => {
  const lines = log.split('\n').filter((line) => line.startsWith('Tag='));
  for (const line of lines) expect(line).toMatch(/^Tag=\w+\.\w+,0\.000,20\.000,\d+\.\d{3},HIST[\w+/=]+$/);
  expect(lines[0]).toMatch(/,20\.000,19\.985,/);
  expect(log).toContain('#[StartTime: 1795576500.000 (seconds since epoch), 2026-11-25T03:15:00.000Z]');
});

test('the summary names it by its hash', async () => {
  const summary = buildSummary(await summaryInput());
  const itself = histogramLog(runOf(healthyScenarios()));
  expect(summary.artifacts?.['histograms.hlog'].sha256).toBe(sha256(itself));
});
