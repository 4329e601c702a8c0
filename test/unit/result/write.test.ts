import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { buildSummary } from '../../../runner/result/summary.ts';
import { ensureWritable, replaceFiles, writeResults } from '../../../runner/result/write.ts';
import { healthyScenarios, runOf, summaryInput } from './run-fixture.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'results-'));
});
afterEach(() => rm(dir, { recursive: true }));

const result = runOf(healthyScenarios());
const summary = buildSummary(await summaryInput(result));
const filesOf = (text: string) => [
  { name: 'summary.txt', content: text },
  { name: 'series.csv', content: 'a,b\n' },
];
const results = { summary, files: filesOf('the text\n') };
const later = {
  files: filesOf('later\n'),
  summary: { ...summary, run: { ...summary.run, id: '20261126T000000Z-000000' } },
};

test('everything of a run lies in its directory, and nothing else is left', async () => {
  const written = await writeResults(dir, results);
  expect(written.directory).toBe(join(dir, summary.run.id));
  expect(JSON.parse(await readFile(written.summaryJson, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(summary)),
  );
  expect((await readdir(written.directory)).sort()).toEqual(['series.csv', 'summary.json', 'summary.txt']);
  expect(await readFile(join(written.directory, 'summary.txt'), 'utf8')).toBe('the text\n');
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

test('files of a run are replaced, the others stay', async () => {
  const { directory } = await writeResults(dir, results);
  await replaceFiles(directory, [
    { name: 'summary.txt', content: 'again\n' },
    { name: 'new.txt', content: 'new\n' },
  ]);
  expect((await readdir(directory)).sort()).toEqual(['new.txt', 'series.csv', 'summary.json', 'summary.txt']);
  expect(await readFile(join(dir, 'summary.txt'), 'utf8')).toBe('again\n');
});

test('a run that is already there is not overwritten, and no draft stays', async () => {
  await writeResults(dir, results);
  const again = writeResults(dir, { summary, files: filesOf('other\n') });
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
  await ensureWritable(join(dir, 'deep', 'results'), 1000);
  expect(await readdir(join(dir, 'deep', 'results'))).toEqual([]);
});

test('ensureWritable refuses a place where nothing can be written, and names it', async () => {
  await writeFile(join(dir, 'file'), '');
  const attempt = ensureWritable(join(dir, 'file', 'results'), 1);
  await expect(attempt).rejects.toThrow(EnvironmentError);
  await expect(attempt).rejects.toThrow(join(dir, 'file', 'results'));
});

test('ensureWritable finds out that there is no room, and leaves nothing of the attempt', async () => {
  const attempt = (bytes: number) => {
    const script = `
      import { ensureWritable } from '${new URL('../../../runner/result/write.ts', import.meta.url)}';
      await ensureWritable('${dir}', ${bytes}).catch((error) => { console.log(error.message); process.exit(error.exitCode); });`;
    // No file may grow beyond 64 KiB: to who writes, that is a full disk.
    const limited = 'trap "" XFSZ; ulimit -f 64; exec "$0" --input-type=module --eval "$1"';
    return execa('bash', ['-c', limited, process.execPath, script], { reject: false });
  };
  expect(await attempt(10_000)).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await attempt(200_000)).toMatchObject({
    exitCode: 3,
    stdout: expect.stringMatching(/^cannot write the results to .*; free space there/),
  });
  expect(await readdir(dir)).toEqual([]);
});
