import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderNotTouched } from '../../../runner/commands/sweep.ts';
import { isAlive } from '../../../runner/liveness.ts';
import { benchDir, resultsDir } from '../../../runner/paths.ts';
import { embeddedState } from '../../../runner/stack/backend.ts';
import { keepRun, makeRun, type Run, runFolders, runsFolder } from '../../../runner/stack/runs.ts';
import { temporaryFolder, temporaryRoot } from '../../../runner/stack/temporary.ts';
import { privateEngine } from '../../../runner/sweep/engines.ts';
import { findLeftovers, sweep } from '../../../runner/sweep/sweep.ts';
import { FakePrograms } from '../../support/fake-program.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

// Those are looked for on the whole machine, which is not this test's to clean.
vi.mock(import('../../../runner/sweep/engines.ts'), async (original) => ({
  ...(await original()),
  orphanedEngines: () => [],
}));

const ENGINE = 'unix:///engine.sock';
/** Above the largest number that Linux gives. */
const NOBODY = 2 ** 22 + 1;

beforeEach(() => {
  for (const folder of [benchDir, resultsDir]) rmSync(folder, { recursive: true, force: true });
});
afterEach(() => void vi.unstubAllEnvs());

/** An engine that answers `docker` with this script. */
async function engine(script: string) {
  const fake = await FakePrograms.make({ docker: script });
  vi.stubEnv('PATH', fake.path);
  return fake;
}

/** A run of which this process knows nothing any more: whoever made it is `holder`. */
function runOf(name: string, holder: number): Run {
  const run = makeRun(name, ENGINE, {});
  rmSync(join(run.folder, 'holders', `${process.pid}.json`));
  hold(run.folder, holder);
  return run;
}

function hold(folder: string, pid: number): void {
  writeFileSync(join(folder, 'holders', `${pid}.json`), JSON.stringify({ pid, hostname: hostname() }));
}

const look = (options: { engine?: string; olderThanMs?: number } = {}) =>
  findLeftovers({ engine: options.engine, olderThanMs: options.olderThanMs ?? 0 });
const find = async (options: Parameters<typeof look>[0] = {}) => (await look(options)).leftovers;
const remove = async () => sweep(await find(), { dryRun: false });

/** A process that runs until the test ends. */
async function living(env: Record<string, string> = {}) {
  const child = spawn('sleep', ['60'], { env: { ...process.env, ...env } });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  return { pid, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

describe('a run', () => {
  it('whose command has ended goes, with what it has in the engine', async () => {
    await using fake = await engine(
      `case "$1" in ps) [ -e "$0.gone" ] || echo c1;; rm) touch "$0.gone";; esac`,
    );
    const run = runOf('loadtest-1', NOBODY);
    expect(await remove()).toEqual([
      {
        ...{ what: 'stack', name: 'loadtest-1', why: 'whoever made it has ended' },
        ...{ since: run.created, removed: true },
      },
    ]);
    expect(await fake.calls('docker')).toEqual([
      'ps --all --no-trunc --quiet --filter label=certctl-bench.stack=loadtest-1',
      'rm --force --volumes c1',
      'network ls --no-trunc --quiet --filter label=certctl-bench.stack=loadtest-1',
      'volume ls --quiet --filter label=certctl-bench.stack=loadtest-1',
    ]);
    expect(readdirSync(runsFolder)).toEqual([]);
  });

  it('on an engine that wants certificates goes with those that it was made with', async () => {
    await using fake = await engine(
      'echo "$DOCKER_HOST $DOCKER_TLS_VERIFY $DOCKER_CERT_PATH" >> "$0.asked"; exit 1',
    );
    const run = makeRun('loadtest-1', 'tcp://far:2376', { dockerCertPath: '/certificates' });
    rmSync(join(run.folder, 'holders', `${process.pid}.json`));
    hold(run.folder, NOBODY);
    await remove();
    expect(readFileSync(join(fake.bin, 'docker.asked'), 'utf8')).toBe('tcp://far:2376 1 /certificates\n');
  });

  it('that a living process uses, or that is kept, is left alone', async () => {
    await using fake = await engine('echo c1');
    using user = await living();
    runOf('loadtest-1', user.pid);
    keepRun(runOf('ephemeral-1', NOBODY), 60_000);
    expect(await remove()).toEqual([]);
    expect(readdirSync(runsFolder).sort()).toEqual(['ephemeral-1', 'loadtest-1']);
    expect(await fake.calls('docker')).toEqual([]);
  });

  it('takes orphans of its command with it, and no other process', async () => {
    await using _ = await engine('');
    const run = runOf('loadtest-1', NOBODY);
    using orphan = await living({ TMPDIR: runFolders(run).temporary });
    using other = await living({ TMPDIR: `${runFolders(run).temporary}-other` });
    await remove();
    expect(isAlive({ pid: orphan.pid, hostname: hostname() })).toBe(false);
    expect(isAlive({ pid: other.pid, hostname: hostname() })).toBe(true);
  });

  it('stays where its engine does not answer, and the next sweep tries again', async () => {
    await using fake = await engine('echo "Cannot connect to the Docker daemon" >&2; exit 1');
    runOf('loadtest-1', NOBODY);
    const [swept] = await remove();
    expect(swept).toMatchObject({ removed: false, error: 'Cannot connect to the Docker daemon' });
    await fake.add('docker', '');
    expect((await remove())[0]?.removed).toBe(true);
  });

  it('of a sweep that was killed is taken up again', async () => {
    await using fake = await engine('');
    const { folder } = runOf('loadtest-1', NOBODY);
    renameSync(folder, join(runsFolder, `.taken-${NOBODY}-loadtest-1`));
    expect(await remove()).toMatchObject([{ what: 'stack', name: 'loadtest-1', removed: true }]);
    expect(await fake.calls('docker')).toHaveLength(3);
    expect(readdirSync(runsFolder)).toEqual([]);
  });
});

describe('objects in the engine', () => {
  const label = (run: string) => `echo "\\"2026-01-31T12:00:00Z\\"\t\\"${run}\\""`;
  const found = async (run: string) => {
    await using _ = await engine(`case "$1 $2" in "ps --all") echo c1;; inspect*) ${label(run)};; esac`);
    // Awaited here: the engine is there as long as this function runs.
    return await find({ engine: ENGINE });
  };

  it('go whose run directory is gone', async () => {
    const [leftover] = await found(`${hostname()}:/nowhere/.bench/runs/loadtest-1`);
    expect(leftover).toMatchObject({ what: 'objects', name: 'loadtest-1' });
    expect(leftover?.since.toISOString()).toBe('2026-01-31T12:00:00.000Z');
  });

  it('stay whose run directory is there, or on another machine', async () => {
    expect(await found(`${hostname()}:${import.meta.dirname}`)).toEqual([]);
    expect(await found(`not-${hostname()}:/nowhere/.bench/runs/loadtest-1`)).toEqual([]);
    expect(await found('/nowhere/.bench/runs/loadtest-1')).toEqual([]);
  });

  it('of another machine are named, and go where they are as old as is said', async () => {
    const other = label('far:/nowhere/.bench/runs/loadtest-1');
    const script = `case "$*" in "ps --all"*certctl-bench.run*) echo c1;; inspect*) ${other};; esac`;
    await using fake = await engine(script);
    const old = Date.now() - Date.parse('2026-01-31T12:00:00Z');
    for (const olderThanMs of [0, old + 60_000]) {
      const { leftovers, notTouched } = await look({ engine: ENGINE, olderThanMs });
      expect(leftovers).toEqual([]);
      expect(notTouched).toMatchObject([{ name: 'loadtest-1', machine: 'far' }]);
      expect(renderNotTouched(notTouched, Date.now())[0]).toMatch(
        /^Not touched: loadtest-1 of another machine \(far\), .* old; --older-than/,
      );
    }
    const { leftovers, notTouched } = await look({ engine: ENGINE, olderThanMs: old - 60_000 });
    expect([leftovers.map(({ name }) => name), notTouched]).toEqual([['loadtest-1'], []]);
    expect(await sweep(leftovers, { dryRun: false })).toMatchObject([{ removed: true }]);
    expect(await fake.calls('docker')).toContain('rm --force --volumes c1');
  });
});

describe('containers of builds', () => {
  const found = async (value: string) => {
    await using _ = await engine(
      `case "$*" in "ps --all"*certctl-bench.build) echo c1 ;; inspect*certctl-bench.build*) echo "\\"2026-01-31T12:00:00Z\\"\t\\"${value}\\"" ;; esac`,
    );
    return await find({ engine: ENGINE });
  };

  it('go whose process has ended', async () => {
    expect(await found(`${hostname()}:${NOBODY}`)).toMatchObject([
      { what: 'objects', name: `build of process ${NOBODY}` },
    ]);
  });

  it.each([
    ['whose process lives', `${hostname()}:${process.pid}`],
    ['of another machine', `not-${hostname()}:${NOBODY}`],
    ['that are none: what runs from an image that was built so', ''],
  ])('stay %s', async (_, value) => expect(await found(value)).toEqual([]));
});

describe('files', () => {
  it('go whose makers have ended: temporary, half made, locks, drafts of results', async () => {
    const mine = temporaryFolder();
    const left = temporaryFolder();
    rmSync(join(left, 'holders', `${process.pid}.json`));
    mkdirSync(join(runsFolder, `.new-${NOBODY}-loadtest-1`), { recursive: true });
    const lock = join(embeddedState, '.pulumi/locks/organization/certctl-bench/dev/1.json');
    mkdirSync(join(lock, '..'), { recursive: true });
    writeFileSync(lock, JSON.stringify({ pid: NOBODY, hostname: hostname() }));
    const held = lock.replace('1.json', '2.json');
    writeFileSync(held, JSON.stringify({ pid: process.pid, hostname: hostname() }));
    const old = new Date(Date.now() - 61_000);
    for (const name of ['.tmp-run', '.tmp-fresh', 'run'])
      mkdirSync(join(resultsDir, name), { recursive: true });
    for (const name of ['.tmp-run', 'run']) utimesSync(join(resultsDir, name), old, old);

    expect((await remove()).map(({ removed }) => removed)).toEqual([true, true, true, true]);
    expect(readdirSync(temporaryRoot)).toEqual([mine.split('/').at(-1)]);
    expect(readdirSync(runsFolder)).toEqual([]);
    expect([existsSync(lock), existsSync(held)]).toEqual([false, true]);
    expect(readdirSync(resultsDir).sort()).toEqual(['.tmp-fresh', 'run']);
  });
});

describe('sweep', () => {
  it('shows what it would remove and removes nothing', async () => {
    await using fake = await engine('echo c1');
    runOf('loadtest-1', NOBODY);
    expect(await sweep(await find(), { dryRun: true })).toMatchObject([{ what: 'stack', removed: false }]);
    expect(readdirSync(runsFolder)).toEqual(['loadtest-1']);
    expect(await fake.calls('docker')).toEqual([]);
  });

  it('leaves what is younger than it is told', async () => {
    runOf('loadtest-1', NOBODY);
    expect(await find({ olderThanMs: 60_000 })).toEqual([]);
    expect(await find({ olderThanMs: 0 })).toHaveLength(1);
  });
});

describe('privateEngine', () => {
  const argv = (data: string, exec = '/c/.bench/run/exec', socket = '/c/.bench/run/docker.sock') => [
    ...['/usr/bin/dockerd', '--host', `unix://${socket}`, '--pidfile', '/c/.bench/run/docker.pid'],
    ...['--data-root', data, '--exec-root', exec],
  ];

  it('is known by where it has its things', () => {
    expect(privateEngine(argv('/c/.bench/docker'))).toEqual({
      data: '/c/.bench/docker',
      exec: '/c/.bench/run/exec',
      socket: '/c/.bench/run/docker.sock',
    });
  });

  it.each([
    ['another program', ['/bin/sh', ...argv('/c/.bench/docker').slice(1)]],
    ['another engine', argv('/var/lib/docker')],
    ['an engine with another socket', argv('/c/.bench/docker', '/c/.bench/run/exec', '/var/run/docker.sock')],
    ['an engine without flags', ['/usr/bin/dockerd']],
    ['nothing', []],
  ])('is not %s', (_, words) => expect(privateEngine(words)).toBeUndefined());
});
