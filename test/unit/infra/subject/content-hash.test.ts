import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../../../infra/subject/content-hash.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'content-hash-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

type Tree = Record<string, string>;
let folders = 0;

/** Writes the files below a new folder, in the order given. */
async function write(tree: Tree): Promise<string> {
  const folder = join(dir, String(folders++));
  await mkdir(folder);
  for (const [name, content] of Object.entries(tree)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const names = fc.constantFrom('a', 'b', 'ab', 'sub/a', 'sub/b', 'sub/deep/c');
const trees = fc.dictionary(names, fc.string({ maxLength: 3 }), { maxKeys: 4, noNullPrototype: true });
const sorted = (tree: Tree) => JSON.stringify(Object.entries(tree).sort());

describe('contentHash', () => {
  it('is equal exactly for equal names and contents', async () => {
    await fc.assert(
      fc.asyncProperty(trees, trees, async (one, other) => {
        const [first, second] = [contentHash([await write(one)]), contentHash([await write(other)])];
        expect(first === second).toBe(sorted(one) === sorted(other));
      }),
      { numRuns: 100 },
    );
  });

  it('does not depend on when and in which order files were written', async () => {
    const one = await write({ a: '1', b: '2', 'sub/c': '3' });
    const other = await write({ 'sub/c': '3', b: '2', a: '1' });
    await utimes(join(other, 'a'), 0, 0);
    expect(contentHash([other])).toBe(contentHash([one]));
  });

  it.each([
    ['text moves from one file to the next', { a: 'xy', b: 'z' }, { a: 'x', b: 'yz' }],
    ['text moves into the name', { a: '1' }, { a1: '' }],
    ['a file is renamed', { a: '1' }, { b: '1' }],
    ['a file moves into a folder', { a: '1' }, { 'a/a': '1' }],
    ['two files trade contents', { a: '1', b: '2' }, { a: '2', b: '1' }],
    ['one file holds what looks like another', { a: '1/b\x002' }, { a: '1', b: '2' }],
  ])('changes when %s', async (_, one, other) => {
    expect(contentHash([await write(one)])).not.toBe(contentHash([await write(other)]));
  });

  it('takes files and folders, and does not care what they are called themselves', async () => {
    const folder = await write({ server: 'binary', 'migrations/1.sql': 'create' });
    const hash = () => contentHash([join(folder, 'server'), join(folder, 'migrations')]);
    const before = hash();
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(folder, 'migrations/2.sql'), 'alter');
    expect(hash()).not.toBe(before);
    await rm(join(folder, 'migrations/2.sql'));
    await rename(join(folder, 'server'), join(folder, 'certctl'));
    expect(contentHash([join(folder, 'certctl'), join(folder, 'migrations')])).toBe(before);
  });

  it('names a path that is not there', () => {
    expect(() => contentHash([join(dir, 'missing')])).toThrow(/missing/);
  });
});
