import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { benchDir } from '../../../runner/paths.ts';
import type { Engine } from '../../../runner/setup/engine.ts';
import { isIdle } from '../../../runner/setup/idle.ts';
import { temporaryFolder } from '../../../runner/stack/temporary.ts';
import { FakePrograms } from '../../support/fake-program.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(benchDir, { recursive: true, force: true });
});

const engine: Engine = { host: 'unix:///engine.sock', kind: 'private', version: '27.1' };

/** Whether an engine is idle that answers with these containers. */
async function idleWith(containers: string): Promise<boolean> {
  await using fake = await FakePrograms.make({
    docker: `[ "$DOCKER_HOST" = unix:///engine.sock ] && printf '${containers}'`,
  });
  vi.stubEnv('PATH', fake.path);
  const idle = await isIdle(engine);
  expect(await fake.calls('docker')).toEqual(['ps --all --quiet --filter label=certctl-bench.stack']);
  return idle;
}

/** A folder of the bench that a process holds. */
function held(path: string, holder: { pid: number; hostname: string }): void {
  const folder = join(benchDir, path, 'holders');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${holder.pid}.json`), JSON.stringify(holder));
}

/** A process that lives, and is not this one. */
const OTHER = { pid: process.ppid, hostname: hostname() };
const NOBODY = 2 ** 22 + 1;

describe('isIdle', () => {
  it.each([
    ['', true],
    ['c0ffee', false],
  ])('asks the engine for containers of any stack, also those that have ended: "%s"', async (found, idle) => {
    expect(await idleWith(found)).toBe(idle);
  });

  it.each(['runs/loadtest-1', 'tmp/pulumi-1'])('is false while another command holds %s', async (path) => {
    held(path, OTHER);
    expect(await idleWith('')).toBe(false);
  });

  it('minds no command that has ended, none of another machine, and not its own', async () => {
    temporaryFolder();
    held('runs/loadtest-1', { pid: NOBODY, hostname: hostname() });
    held('tmp/pulumi-1', { ...OTHER, hostname: `not-${hostname()}` });
    expect(await idleWith('')).toBe(true);
  });

  it('gives up the temporary files of this command first, so that one of two that end stops the engine', async () => {
    const folder = temporaryFolder();
    await idleWith('');
    expect(() => rmSync(folder, { recursive: true })).toThrow(/ENOENT/);
  });
});
