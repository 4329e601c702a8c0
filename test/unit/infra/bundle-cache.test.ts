import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'certctl-bench-unit-'));
vi.mock(import('../../../infra/home.ts'), () => ({ home }));
const { onceOf } = await import('../../../infra/bundle-cache.ts');

const [main, library] = [join(home, 'main.ts'), join(home, 'library.ts')];
const make = vi.fn(() => ({ text: `made ${make.mock.calls.length}`, inputs: [main, library] }));
const once = (recipe = 'esbuild 1') => onceOf('folder/main.ts', recipe, make);

beforeEach(() => {
  rmSync(join(home, '.bench'), { recursive: true, force: true });
  make.mockClear();
  for (const file of [main, library]) writeFileSync(file, 'as it was');
});
afterAll(() => rmSync(home, { recursive: true }));

describe('what is made of files', () => {
  it('is made once', () => {
    expect([once(), once()]).toEqual(['made 1', 'made 1']);
  });

  it.each([
    ['one of them has changed', () => writeFileSync(library, 'another')],
    ['one of them is gone', () => rmSync(library)],
    [
      'what was kept is broken',
      () => writeFileSync(join(home, '.bench/cache/bundles/folder-main.ts.json'), '{"recipe":'),
    ],
  ])('is made again where %s', (_, change) => {
    once();
    change();
    expect([once(), make.mock.calls.length]).toEqual(['made 2', 2]);
  });

  it('is made again by another recipe', () => {
    once();
    expect(once('esbuild 2')).toBe('made 2');
  });
});
