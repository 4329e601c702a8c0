import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TREND_METRICS } from '../../../runner/engine/contract.ts';
import { EnvironmentError } from '../../../runner/errors.ts';
import { histogramFiles } from '../../../runner/result/histogram-files.ts';
import { buildSummary } from '../../../runner/result/summary.ts';
import { ensureWritable, writeResults } from '../../../runner/result/write.ts';
import { healthyScenarios, runOf, summaryInput } from './run-fixture.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'results-'));
});
afterEach(() => rm(dir, { recursive: true }));

const result = runOf(healthyScenarios());
const summary = buildSummary(await summaryInput(result));
const results = { summary, text: 'the text\n', histograms: histogramFiles(result) };
const later = {
  ...results,
  text: 'later\n',
  summary: { ...summary, run: { ...summary.run, id: '20261126T000000Z-000000' } },
};

test('everything of a run lies in its directory, and nothing else is left', async () => {
  const written = await writeResults(dir, results);
  expect(written.directory).toBe(join(dir, summary.run.id));
  expect(JSON.parse(await readFile(written.summaryJson, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(summary)),
  );
  expect(await readFile(written.summaryText, 'utf8')).toBe('the text\n');
  expect((await readdir(dir)).sort()).toEqual(
    [summary.run.id, 'latest', 'summary.json', 'summary.txt'].sort(),
  );
});

test('latest, summary.json and summary.txt are relative links that follow the last run', async () => {
  await writeResults(dir, results);
  await writeResults(dir, later);
  expect(await readlink(join(dir, 'latest'))).toBe(later.summary.run.id);
  expect(await readFile(join(dir, 'latest', 'summary.txt'), 'utf8')).toBe('later\n');
  expect(await readFile(join(dir, 'summary.txt'), 'utf8')).toBe('later\n');
  expect(JSON.parse(await readFile(join(dir, 'summary.json'), 'utf8')).run.id).toBe(later.summary.run.id);
  expect((await lstat(join(dir, 'summary.json'))).isSymbolicLink()).toBe(true);
});

test('a file from elsewhere where a link belongs is replaced', async () => {
  await writeFile(join(dir, 'summary.txt'), 'by hand');
  await writeResults(dir, results);
  expect(await readFile(join(dir, 'summary.txt'), 'utf8')).toBe('the text\n');
});

test('each histogram is a file that decodes, beside a README', async () => {
  const { directory } = await writeResults(dir, results);
  const files = await readdir(join(directory, 'histograms'));
  expect(files).toHaveLength(6 * TREND_METRICS.length + 1);
  const text = await readFile(join(directory, 'histograms', 'f5_handshake.response_time.hdr'), 'utf8');
  expect(decodeFromCompressedBase64(text).totalCount).toBe(32);
  expect(await readFile(join(directory, 'histograms', 'README.txt'), 'utf8')).toContain('microseconds');
});

test('a run that is already there is not overwritten, and no draft stays', async () => {
  await writeResults(dir, results);
  const again = writeResults(dir, { ...results, text: 'other\n' });
  await expect(again).rejects.toThrow(EnvironmentError);
  await expect(again).rejects.toThrow(join(dir, summary.run.id));
  expect(await readFile(join(dir, 'latest', 'summary.txt'), 'utf8')).toBe('the text\n');
  expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a directory where a link belongs is an error that names it and leaves the run', async () => {
  await mkdir(join(dir, 'latest', 'keep'), { recursive: true });
  const attempt = writeResults(dir, results);
  await expect(attempt).rejects.toThrow(EnvironmentError);
  await expect(attempt).rejects.toThrow(/latest/);
  expect(await readdir(join(dir, summary.run.id))).toContain('summary.json');
  expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('ensureWritable makes the directory and leaves nothing in it', async () => {
  await ensureWritable(join(dir, 'deep', 'results'));
  expect(await readdir(join(dir, 'deep', 'results'))).toEqual([]);
});

test('ensureWritable refuses a place where nothing can be written, and names it', async () => {
  await writeFile(join(dir, 'file'), '');
  const attempt = ensureWritable(join(dir, 'file', 'results'));
  await expect(attempt).rejects.toThrow(EnvironmentError);
  await expect(attempt).rejects.toThrow(join(dir, 'file', 'results'));
});
