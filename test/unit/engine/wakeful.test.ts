/** What is asked of the system so that threads run when they are due. */
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Awake } from '../../../runner/engine/wakeful.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'certctl-bench-wakeful-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      // That of the listing itself.
      return false;
    }
  });
}

test('processors are kept from sleeping by a latency of 0, for as long as the device is open', () => {
  const device = join(folder, 'cpu_dma_latency');
  writeFileSync(device, '');
  {
    using awake = new Awake(device);
    expect(awake.isHeld).toBe(true);
    expect(readFileSync(device)).toEqual(Buffer.from([0, 0, 0, 0]));
    expect(isOpen(device)).toBe(true);
  }
  expect(isOpen(device)).toBe(false);
});

test('where there is no such device they may sleep, and nothing is made', () => {
  const device = join(folder, 'none');
  using awake = new Awake(device);
  expect(awake.isHeld).toBe(false);
  expect(existsSync(device)).toBe(false);
});

test('a thread comes first where it may, and the others of the process stay where they are', async () => {
  const before = getPriority();
  const module = new URL('../../../runner/engine/wakeful.ts', import.meta.url);
  const thread = new Worker(
    `import(${JSON.stringify(module.href)}).then(({ comeFirst }) => {
      comeFirst();
      const [tid] = require('node:fs').readlinkSync('/proc/thread-self').match(/\\d+$/);
      require('node:worker_threads').parentPort.postMessage(require('node:os').getPriority(Number(tid)));
    });`,
    { eval: true },
  );
  const [nice] = await once(thread, 'message');
  expect(nice).toBe(mayComeFirst() ? -10 : before);
  expect(getPriority()).toBe(before);
});

/** CAP_SYS_NICE is capability 23 (capabilities(7)). */
function mayComeFirst(): boolean {
  const effective = /^CapEff:\t(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return ((BigInt(`0x${effective}`) >> 23n) & 1n) === 1n;
}
