import { expect, test } from 'vitest';
import { summaryMd } from '../../../runner/report/summary-md.ts';
import { summaryOf, troubledRun } from './support.ts';

test('the verdict comes first, then the banner of the stand-in', async () => {
  expect(summaryMd(await summaryOf())).toMatch(
    /^## ✅ PASSED: all 14 thresholds held\n\n> \[!WARNING\]\n> The subject is the stand-in/,
  );
  expect(summaryMd(await summaryOf(troubledRun()))).toMatch(/^## ❌ BREACHED: 4 of 14 thresholds\n/);
});

test('tables have as many cells in every row as in the head', async () => {
  const summary = await summaryOf(troubledRun());
  Object.assign(summary.thresholds[0] ?? {}, { metric: 'a|b`c', value: null, reason: 'no | <b>\nsamples' });
  const text = summaryMd(summary);
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;
  expect([...new Set(rows.map(cells))].sort()).toEqual([7, 9]);
  expect(text).toContain("`a\\|b'c`");
  expect(text).toContain('no \\| &lt;b> samples');
  expect(text).not.toContain('haproxy |');
});

test('a run that is INVALID says by which rule, and what to do', async () => {
  const summary = await summaryOf();
  const [rule] = summary.validity?.rules ?? [];
  Object.assign(rule ?? {}, { ok: false, value: 123, limit: 80, remedy: 'do this' });
  summary.verdict = 'INVALID';
  expect(summaryMd(summary)).toMatch(/^## ❌ INVALID: .*\n\n- `send_lag`: 123.*limit 80.*do this\n/);
});
