import { expect, test } from 'vitest';
import { metricsProm } from '../../../runner/report/metrics-prom.ts';
import { runOf, scenarioOf } from '../result/run-fixture.ts';
import { evidence, summaryOf, troubledRun } from './support.ts';

/** Name with labels to value; fails on a line that is not of the format. */
function samples(text: string): Map<string, number> {
  expect(text).toMatch(/[^\n]\n$/);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, series = '', value] =
        /^([a-z_]+(?:\{(?:\w+="(?:[^"\\\n]|\\.)*",?)*\})?) (\S+)$/.exec(line) ?? [];
      expect(series, line).not.toBe('');
      return [series, Number(value)];
    }),
  );
}

test('times are in seconds, by quantile', async () => {
  const summary = await summaryOf();
  const found = samples(await metricsProm(summary));
  const of = (quantile: number) =>
    found.get(
      `certctl_bench_response_time_seconds{scenario="nginx_handshake",target_type="nginx",quantile="${quantile}"}`,
    );
  const { p99, max } = summary.scenarios.nginx_handshake?.response_time ?? {};
  expect(of(0.99)).toBe((p99 ?? 0) / 1000);
  expect(of(1)).toBe((max ?? 0) / 1000);
  expect(found.get('certctl_bench_run_passed')).toBe(1);
});

test('fates add up to what was offered, and thresholds are there with their outcome', async () => {
  const summary = await summaryOf(troubledRun());
  const found = samples(await metricsProm(summary));
  const fates = [...found].filter(([series]) =>
    /^certctl_bench_arrivals\{scenario="f5_handshake"/.test(series),
  );
  expect(fates.reduce((sum, [, value]) => sum + value, 0)).toBe(507);
  const thresholds = [...found].filter(([series]) => series.startsWith('certctl_bench_threshold_ok'));
  expect(thresholds).toHaveLength(summary.thresholds.length);
  expect(thresholds.filter(([, value]) => value === 0)).toHaveLength(4);
  expect(found.get('certctl_bench_run_passed')).toBe(0);
});

test('what was not measured is absent', async () => {
  const text = await metricsProm(await summaryOf(runOf([scenarioOf('f5_handshake', [])])));
  expect(text).not.toMatch(/f5_handshake.*quantile|error_ratio\{|NaN|null/);
});

test('every name has its help and type once', async () => {
  const text = await metricsProm(evidence('baseline-stand-in'));
  const names = [...samples(text).keys()].map((series) => series.replace(/\{.*/s, ''));
  for (const name of new Set(names)) {
    expect(text.match(new RegExp(`^# (HELP|TYPE) ${name} `, 'gm')), name).toHaveLength(2);
  }
});
