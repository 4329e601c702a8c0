import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { removeRunDirectory } from '../../../runner/setup/run-directory.ts';
import { FakePrograms } from '../../support/fake-program.ts';

const base = mkdtempSync(join(tmpdir(), 'run directory-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

it('unmounts what the engine has left in it, the last one first, and nothing else', async () => {
  const run = join(base, 'run');
  mkdirSync(join(run, 'exec'), { recursive: true });
  const mounts = [run, `${run}/exec/netns`, `${run}/exec/netns/default`, `${run}-of-another/exec`, '/run']
    .map((point) => `nsfs ${point.replaceAll(' ', '\\040')} nsfs rw 0 0\n`)
    .join('');
  await using fake = await FakePrograms.make({ umount: ':' });
  vi.stubEnv('PATH', fake.path);
  await removeRunDirectory(run, mounts);
  expect(await fake.calls('umount')).toEqual([`${run}/exec/netns/default`, `${run}/exec/netns`]);
  expect(existsSync(run)).toBe(false);
});

it('does nothing where there is none', async () => {
  await expect(removeRunDirectory(join(base, 'none'))).resolves.toBeUndefined();
});
