import { expect, test } from 'vitest';
import { FORMATS, renderAll } from '../../../runner/report/formats.ts';
import { readableSummary } from '../../../runner/result/summary-schema.ts';
import { evidence } from './support.ts';

test.each(['baseline-stand-in', 'baseline-certctl-v2.1.7'])(
  '%s of an earlier version renders',
  async (name) => {
    const summary = evidence(name);
    expect(readableSummary.safeParse(summary).error?.message).toBeUndefined();
    const { files, problems } = await renderAll(summary, 'results/x');
    expect(problems).toEqual([]);
    expect(files.map((file) => file.name)).toEqual(Object.values(FORMATS).map(({ file }) => file));
    for (const { name: file, content } of files) {
      expect(content.length, file).toBeGreaterThan(1000);
      expect(content, file).not.toMatch(/undefined|NaN|\[object/);
      expect(content.endsWith('\n'), file).toBe(true);
    }
  },
);

test('rendering is pure: the same summary gives the same bytes', async () => {
  const summary = evidence('baseline-stand-in');
  expect(await renderAll(summary, 'x')).toEqual(await renderAll(structuredClone(summary), 'x'));
});
