/** A private engine whose clone was removed while it ran, a container in it: sweep leaves nothing of it. */
import { existsSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orphanedEngines } from '../../runner/sweep/engines.ts';
import { allProcesses, argvOf } from '../../runner/sweep/processes.ts';
import { sweep } from '../../runner/sweep/sweep.ts';
import { Checkout } from '../support/checkout.ts';

/** One that is younger is left alone: it may just be starting. */
const OLD_ENOUGH_MS = 61_000;

let clone: Checkout;
const mounts = () => readFileSync('/proc/self/mounts', 'utf8').split('\n');
const processes = () =>
  allProcesses()
    .map((pid) => argvOf(pid).join(' '))
    .filter((line) => line.includes(clone.folder) || line.startsWith('/bin/sleep 4321'));

beforeAll(async () => {
  clone = new Checkout('');
  clone.env.DOCKER_HOST = await clone.startEngine();
  // No image is needed but for one program with its libraries.
  const { stdout } = await execa('ldd', ['/bin/sleep']);
  const libraries = stdout.match(/\/\S+/g) ?? [];
  const tar = execa('tar', ['--create', '--dereference', '--file=-', '/bin/sleep', ...libraries], {
    encoding: 'buffer',
  });
  await tar.pipe('docker', ['import', '-', 'sleep'], { env: clone.env });
  await clone.docker('run', '--detach', '--network', 'none', 'sleep', '/bin/sleep', '4321');
});
afterAll(() => clone.remove());

test('its processes, mounts and folders go', async () => {
  const before = mounts().filter((line) => !line.includes(clone.folder));
  expect(mounts().some((line) => line.includes(`${clone.folder}/.bench/docker `))).toBe(true);
  expect(processes().some((line) => line.startsWith('/bin/sleep'))).toBe(true);
  await execa('rm', ['-rf', clone.folder], { reject: false });

  const found = orphanedEngines(Date.now() + OLD_ENOUGH_MS).filter(({ why }) => why.includes(clone.folder));
  expect(found).toHaveLength(1);
  expect(await sweep(found, { dryRun: false })).toMatchObject([{ what: 'engine', removed: true }]);
  expect(processes()).toEqual([]);
  expect(mounts().toSorted()).toEqual(before.toSorted());
  expect(existsSync(`${clone.folder}/.bench`)).toBe(false);
});
