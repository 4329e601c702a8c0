import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { makePlan } from '../../../runner/plan/schedule.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { FORMATS } from '../../../runner/report/formats.ts';
import { keep, roomForResults } from '../../../runner/report/keep.ts';
import { evidence, summaryOf } from './support.ts';

let dir: string;
const printed = { stdout: '', stderr: '' };
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keep-'));
  for (const name of ['stdout', 'stderr'] as const) {
    printed[name] = '';
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true });
});

const summary = await summaryOf();

test('the folder holds every format and the raw histograms, and the text report is printed', async () => {
  const directory = await keep(summary, 'the log\n', { dir, env: {} });
  expect(await readFile(join(directory, 'histograms.hlog'), 'utf8')).toBe('the log\n');
  expect(printed.stdout).toBe(await readFile(join(directory, 'summary.txt'), 'utf8'));
  expect(printed.stderr).toBe('');
});

test("a workflow's page gets the Markdown, behind what is there", async () => {
  const page = join(dir, 'page.md');
  await writeFile(page, 'before\n');
  const directory = await keep(summary, '', { dir, env: { GITHUB_STEP_SUMMARY: page } });
  const text = await readFile(join(directory, 'summary.md'), 'utf8');
  expect(await readFile(page, 'utf8')).toBe(`before\n${text}\n`);
});

test('a page that cannot be written is told, and the run is kept', async () => {
  await keep(summary, '', { dir, env: { GITHUB_STEP_SUMMARY: join(dir, 'none', 'page.md') } });
  expect(printed.stderr).toMatch(/^GITHUB_STEP_SUMMARY was not written: .*ENOENT/);
});

test('where the disk has failed since, the summary comes on stdout as JSON and the report on stderr', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(keep(summary, '', { dir: join(dir, 'file'), env: {} })).rejects.toThrow(EnvironmentError);
  expect(JSON.parse(printed.stdout)).toEqual(JSON.parse(JSON.stringify(summary)));
  expect(printed.stderr).toMatch(/^PASSED {2}all 14 thresholds held/);
});

test('a report that cannot be made of it is named; summary, histograms and all others are kept', async () => {
  const broken = structuredClone(summary);
  for (const one of Object.values(broken.scenarios)) one.histograms.response_time = 'none';
  const directory = await keep(broken, 'the log\n', { dir, env: {} });
  expect(JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(broken)),
  );
  expect((await readdir(directory)).sort()).toEqual(
    ['summary.json', 'histograms.hlog', ...Object.values(FORMATS).map(({ file }) => file)]
      .filter((file) => file !== 'report.html')
      .sort(),
  );
  expect(printed.stderr).toMatch(/^report\.html could not be made of summary\.json: .+\n$/);
  expect(printed.stdout).toBe(await readFile(join(directory, 'summary.txt'), 'utf8'));
});

test('the room that is asked for is enough for a five-minute run', async () => {
  const run = evidence('baseline-stand-in');
  const plan = makePlan(await loadProfile('baseline'), { seed: 1, runId: 'x' });
  const directory = await keep(run, '', { dir, env: {} });
  const size = (await readFile(join(directory, 'summary.json'))).length;
  expect(roomForResults(plan)).toBeGreaterThan(4 * size);
});
