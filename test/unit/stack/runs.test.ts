import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { benchDir, projectRoot } from '../../../runner/paths.ts';
import { abandonedFolders } from '../../../runner/stack/held-folder.ts';
import {
  keepRun,
  lifeOf,
  makeRun,
  readRun,
  readRuns,
  removeRun,
  runFolders,
  runsFolder,
} from '../../../runner/stack/runs.ts';

/** A path at which removing fails. */
const removal = vi.hoisted(() => ({ stopsAt: '' }));
vi.mock(import('node:fs'), async (original) => {
  const fs = await original();
  const rmSync: typeof fs.rmSync = (path, options) => {
    const { stopsAt } = removal;
    if (stopsAt === '' || !`${stopsAt}/`.startsWith(`${path}/`)) return fs.rmSync(path, options);
    // In the order of the names, as the system lists them.
    if (path !== stopsAt)
      for (const name of fs.readdirSync(path)) rmSync(`${path}/${name}`, { recursive: true });
    throw new Error('killed');
  };
  return { ...fs, rmSync };
});
vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

beforeEach(() => rmSync(benchDir, { recursive: true, force: true }));

const ENGINE = 'unix:///engine.sock';
const make = (name = 'loadtest-1') => makeRun(name, ENGINE, { subject: 'stand-in' });

/** Makes `holder` the one that holds the run. */
const holdBy = (folder: string, holder: { pid: number; hostname: string }) =>
  writeFileSync(join(folder, 'holders', `${holder.pid}.json`), JSON.stringify(holder));

describe('makeRun', () => {
  it('makes a folder that holds the project, the config and who uses it', () => {
    const run = make();
    const { work } = runFolders(run);
    expect(readRun('loadtest-1')).toEqual(run);
    expect(readRuns()).toEqual([run]);
    const project = parse(readFileSync(join(work, 'Pulumi.yaml'), 'utf8'));
    const ours = parse(readFileSync(join(projectRoot, 'Pulumi.yaml'), 'utf8'));
    expect(project).toEqual({ ...ours, main: join(projectRoot, ours.main) });
    expect(existsSync(project.main)).toBe(true);
    expect(parse(readFileSync(join(work, 'Pulumi.loadtest-1.yaml'), 'utf8')).config).toEqual({
      'certctl-bench:subject': 'stand-in',
      'certctl-bench:run': `${hostname()}:${run.folder}`,
    });
    expect(isAbsolute(run.folder)).toBe(true);
    expect(readdirSync(join(run.folder, 'holders'))).toEqual([`${process.pid}.json`]);
  });

  it('ends with removeRun, and nothing of it is left', () => {
    removeRun(make());
    expect(readRuns()).toEqual([]);
    expect(readdirSync(runsFolder)).toEqual([]);
  });

  it('can be removed again where removing it was cut short', () => {
    const run = make();
    const { state } = runFolders(run);
    // Nobody can remove what is in there: as if the process had been killed at that file.
    removal.stopsAt = state;
    expect(() => removeRun(run)).toThrow('killed');
    removal.stopsAt = '';
    expect(readRuns()).toEqual([run]);
    removeRun(run);
    expect(readdirSync(runsFolder)).toEqual([]);
  });

  it('does not show what is half made, and tells who left it so', () => {
    mkdirSync(join(runsFolder, `.new-${process.pid}-a`), { recursive: true });
    mkdirSync(join(runsFolder, `.new-${2 ** 22 + 1}-b`));
    expect(readRuns()).toEqual([]);
    expect(abandonedFolders(runsFolder)).toEqual([`.new-${2 ** 22 + 1}-b`]);
  });
});

describe('lifeOf', () => {
  const now = Date.now();

  it('is dead where nobody else uses it and nobody wants to keep it', () => {
    expect(lifeOf(make(), now)).toEqual({ life: 'dead', why: 'whoever made it has ended' });
  });

  it('is live as long as a process uses it, whatever its time', async () => {
    const run = make();
    keepRun(run, 1);
    const user = spawn('sleep', ['60']);
    holdBy(run.folder, { pid: user.pid ?? 0, hostname: hostname() });
    const later = now + 3_600_000;
    expect(lifeOf(run, later)).toEqual({ life: 'live', why: `used by process ${user.pid}` });
    user.kill('SIGKILL');
    await once(user, 'exit');
    expect(lifeOf(readRun(run.name) ?? run, later).life).toBe('dead');
  });

  it('is live until its time is over', () => {
    keepRun(make(), 60_000);
    const [kept] = readRuns();
    expect(kept).toBeDefined();
    if (!kept) return;
    const until = Date.parse(kept.keptUntil ?? '');
    expect(until).toBeGreaterThanOrEqual(now + 60_000);
    expect(lifeOf(kept, until - 1).life).toBe('live');
    expect(lifeOf(kept, until).life).toBe('dead');
  });

  it('is not dead because a holder on another machine cannot be asked', () => {
    const run = make();
    holdBy(run.folder, { pid: 2 ** 22 + 1, hostname: `not-${hostname()}` });
    expect(lifeOf(run, now).life).toBe('live');
  });
});
