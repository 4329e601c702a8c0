import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkoutHash } from '../../../../infra/subject/checkout-hash.ts';

let dir: string;
const write = (name: string, text: string) => writeFile(join(dir, name), text);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'checkout-'));
  await mkdir(join(dir, 'web/node_modules/deep'), { recursive: true });
  await write('Dockerfile', 'FROM scratch\n');
  await write('main.go', 'package main\n');
  await write('web/index.html', '<html>');
});
afterEach(() => rm(dir, { recursive: true }));

async function changes(change: () => Promise<unknown>, dockerfile = 'Dockerfile'): Promise<boolean> {
  const before = checkoutHash(dir, dockerfile);
  await change();
  return checkoutHash(dir, dockerfile) !== before;
}

it('changes with names, contents, executable bits and links', async () => {
  expect(await changes(() => write('main.go', 'package other\n'))).toBe(true);
  expect(await changes(() => write('web/new.html', ''))).toBe(true);
  expect(await changes(() => chmod(join(dir, 'main.go'), 0o755))).toBe(true);
  expect(await changes(() => symlink('nowhere', join(dir, 'link')))).toBe(true);
  expect(await changes(() => chmod(join(dir, 'web/index.html'), 0o600))).toBe(false);
});

it('leaves out what .dockerignore leaves out, but for its exceptions', async () => {
  await write('.dockerignore', '# comment\nweb/node_modules\n**/*.md\n!KEEP.md\n');
  expect(await changes(() => write('web/node_modules/deep/a.js', 'x'))).toBe(false);
  expect(await changes(() => write('web/NOTES.md', 'x'))).toBe(false);
  expect(await changes(() => write('KEEP.md', 'x'))).toBe(true);
  expect(await changes(() => write('web/index.html', 'other'))).toBe(true);
});

it('sees the Dockerfile and .dockerignore whatever the latter says', async () => {
  await write('.dockerignore', '*\n');
  expect(await changes(() => write('main.go', 'x'))).toBe(false);
  expect(await changes(() => write('Dockerfile', 'FROM other\n'))).toBe(true);
  expect(await changes(() => write('.dockerignore', '*\n!web\n'))).toBe(true);
});

it('sees the one Dockerfile that is built by, where both are left out', async () => {
  await write('.dockerignore', 'Dockerfile*\n');
  await write('Dockerfile.agent', 'FROM scratch\n');
  expect(await changes(() => write('Dockerfile.agent', 'FROM other\n'), 'Dockerfile.agent')).toBe(true);
  expect(await changes(() => write('Dockerfile', 'FROM other\n'), 'Dockerfile.agent')).toBe(false);
});
