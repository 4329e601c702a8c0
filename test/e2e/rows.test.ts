/** Rows before and after a run: runs of one stack begin with the same table, wherever the generator stands. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bench } from './support/cli.ts';
import { startEngine } from './support/engine.ts';
import { shortProfile } from './support/profiles.ts';
import { directoryOf, readSummary } from './support/results.ts';

const STACK = `rows-${process.pid}`;
const ROWS = 500;
const profile = shortProfile('rows', 2);

beforeAll(async () => {
  await startEngine();
  const { exitCode, stderr } = await bench('up', '--stack', STACK);
  expect(exitCode, stderr).toBe(0);
});
afterAll(async () => {
  const { exitCode, stderr } = await bench('down', '--stack', STACK);
  expect(exitCode, stderr).toBe(0);
});

async function load(rows: number, ...more: string[]) {
  const set = ['--set', `seedRows=${rows}`];
  const ended = await bench('load', '--stack', STACK, '--profile', profile, ...set, ...more);
  const summary = readSummary(directoryOf(ended));
  return { ended, seededRows: summary.fingerprint?.compared.seededRows, created: 20 };
}

test.each(['host', 'engine'])(
  'generator on the %s: as many rows as are wanted, and none is left',
  async (where) => {
    const { ended, seededRows, created } = await load(ROWS, '--generator', where, '--cleanup');
    expect(seededRows).toBe(ROWS);
    expect(ended.stderr).toContain(`Seed rows: ${ROWS} made,`);
    // What was created in the run goes too.
    expect(ended.stderr).toContain(`Cleaned up: ${ROWS + created} certificates of this run`);
  },
);

test('what is there is not made again, and only what a run made is removed', async () => {
  const first = await load(ROWS);
  expect(first.ended.stderr).not.toContain('Cleaned up');
  const second = await load(ROWS, '--cleanup');
  expect(second.seededRows).toBe(ROWS + first.created);
  expect(second.ended.stderr).toContain('Seed rows: 0 made,');
  expect(second.ended.stderr).toContain(`Cleaned up: ${second.created} certificates of this run`);
  expect((await load(0)).seededRows).toBe(ROWS + first.created);
});
