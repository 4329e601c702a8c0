/** An engine whose disk is full: up says so, and is green once there is room again. Needs root. */
import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { debianImageTag } from '../../runner/setup/debian-image.ts';
import { Checkout } from '../support/checkout.ts';
import { startEngine } from './support/engine.ts';

/** Room for the image with all services, once as it comes and once unpacked, and for what a stack writes. */
const ROOMY = 2 * 2 ** 30;
const LIMIT_SECONDS = 15;
const up = ['up', '--stack', `full-${process.pid}`];

let checkout: Checkout;
let disk: string;

beforeAll(async () => {
  const { host } = await startEngine();
  checkout = new Checkout('');
  disk = checkout.path('.bench/docker');
  mkdirSync(disk);
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${ROOMY}`, 'tmpfs', disk]);
  checkout.env.DOCKER_HOST = await checkout.startEngine();
  const image = execa('docker', ['save', debianImageTag()], {
    env: { DOCKER_HOST: host },
    encoding: 'buffer',
    buffer: { stdout: false },
  });
  await image.pipe('docker', ['load'], { env: checkout.env });
});

afterAll(async () => {
  await checkout.run(['engine', 'stop']);
  await execa('umount', [disk]);
  checkout.remove();
});

async function used(): Promise<number> {
  const { blocks, bfree, bsize } = await statfs(disk);
  return (blocks - bfree) * bsize;
}

/** A tmpfs becomes as small as what is in it: that is a full disk. */
const resize = (bytes: number) => execa('mount', ['-o', `remount,size=${bytes}`, disk]);

test('it is told within 15 seconds, and the next up is green', async () => {
  await resize(await used());
  const failed = await checkout.run(up);
  console.log(`failed after ${failed.seconds.toFixed(1)} s: ${failed.message}`);
  expect(failed.message.split('\n')[0], failed.stderr).toMatch(
    /^up failed: .*no space is left on the disk .*"docker system df"/,
  );
  expect(failed.code).toBe(3);
  expect(failed.seconds).toBeLessThan(LIMIT_SECONDS);

  await resize(ROOMY);
  expect(await checkout.run(up)).toMatchObject({ code: 0 });
  expect(await checkout.run(['down', ...up.slice(1)])).toMatchObject({ code: 0 });
});
