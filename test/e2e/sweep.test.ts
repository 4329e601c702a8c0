/** Killed commands, sweep, and stacks side by side: what is dead goes, what lives is not disturbed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BenchContract } from '../../infra/outputs.ts';
import { TARGET_NAMES } from '../../infra/targets.ts';
import type { Engine } from '../../runner/setup/engine.ts';
import type { StackEntry } from '../../runner/stack/list.ts';
import type { Swept } from '../../runner/sweep/sweep.ts';
import { bench, CLEAN } from './support/cli.ts';
import { startEngine } from './support/engine.ts';
import { leftovers, type Snapshot, snapshot, stackFiles } from './support/leftovers.ts';
import { shortProfile } from './support/profiles.ts';
import { directoryOf, readSummary } from './support/results.ts';
import { servedFingerprint } from './support/servers.ts';
import { after, strike } from './support/strike.ts';

const persistent = `e2e-stays-${process.pid}`;
const long = shortProfile('long', 60);
const beside = shortProfile('beside', 25);
let engine: Engine;
let before: Snapshot;

beforeAll(async () => {
  engine = await startEngine();
  before = await snapshot(engine);
  expect(await bench('up', '--stack', persistent)).toMatchObject({ exitCode: 0, ...CLEAN });
});

afterAll(async () => {
  // Only where a test failed before it came to that.
  if (stackFiles(persistent).length > 0) await bench('down', '--stack', persistent);
});

const list = async (): Promise<StackEntry[]> => JSON.parse((await bench('list', '--json')).stdout).stacks;

test.each([
  ['while the stack comes up', /^ {2}tls-init +ready/m],
  ['during the load', /^Profile long$/m],
])('SIGKILL of everything %s, and sweep removes what is left', async (_, said) => {
  const loadtest = ['loadtest', '--profile', long];
  const { ended, cleaned, left } = await strike(
    engine,
    'kill',
    loadtest,
    async (running) => {
      await running.said(said);
      await sleep(500);
    },
    ['sweep', '--json'],
  );
  const name = /^Stack (\S+)$/m.exec(ended.stderr)?.[1];
  const swept: Swept[] = JSON.parse(cleaned.stdout).swept;
  expect(swept.find((one) => one.name === name)).toMatchObject({ what: 'stack', removed: true });
  expect(left).toEqual([]);
  expect((await list()).find((stack) => stack.name === persistent)).toMatchObject({ state: 'up' });
});

test('two ephemeral stacks come up, answer and go, and a persistent one under load does not notice', async () => {
  const load = bench('load', '--stack', persistent, '--profile', beside);
  const ups = await Promise.all([1, 2].map(() => bench('up', '--ephemeral', '--json')));
  const stacks = ups.map(({ stdout }) => JSON.parse(stdout) as BenchContract);
  for (const stack of stacks)
    for (const target of TARGET_NAMES)
      expect(await servedFingerprint(stack, target)).toMatch(/^[0-9a-f]{64}$/);

  const names = stacks.map(({ stack }) => stack);
  expect(new Set(names).size).toBe(2);
  const found = (await list()).filter(({ name }) => names.includes(name));
  expect(found).toMatchObject([1, 2].map(() => ({ kind: 'ephemeral', state: 'up', life: 'live' })));
  const { swept }: { swept: Swept[] } = JSON.parse((await bench('sweep', '--json')).stdout);
  expect(swept.filter(({ name }) => [...names, persistent].includes(name))).toEqual([]);

  const downs = await Promise.all(names.map((name) => bench('down', '--stack', name)));
  for (const ended of [...ups, ...downs]) expect(ended).toMatchObject({ exitCode: 0, ...CLEAN });
  for (const name of names) expect(await leftovers(engine, before, name)).toEqual([]);
  // On a busy machine the generator may call its own run INVALID; the stack has answered even so.
  const { thresholds } = readSummary(directoryOf(await load));
  expect(thresholds.filter(({ ok }) => !ok)).toEqual([]);
});

test('a down that was killed is repaired by the next up', async () => {
  const { cleaned } = await strike(engine, 'kill', ['down', '--stack', persistent], after(5000), [
    'up',
    '--stack',
    persistent,
  ]);
  expect(cleaned, cleaned.stderr).toMatchObject({ exitCode: 0, ...CLEAN });
  expect((await list()).find(({ name }) => name === persistent)).toMatchObject({ state: 'up', life: 'live' });
  expect(await bench('down', '--stack', persistent)).toMatchObject({ exitCode: 0, ...CLEAN });
  // The last stack takes a private engine with it, which is asked here what is left.
  await startEngine();
  expect(await leftovers(engine, before, persistent)).toEqual([]);
});
