import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { ROOT, run, STACKS } from './stacks.ts';

// Bundling them is tested below, and takes longer than all the rest.
vi.mock(import('../../infra/bundle.ts'), () => ({
  readFixture: (path) => `text of ${path}`,
  bundleFixture: (path) => `bundle of ${path}`,
}));

describe('a second run of the program', () => {
  it.each(STACKS)('asks for the very same: %s', async (_, config) => {
    const { resources, bench } = await run(config);
    const again = await run(config);
    expect(Object.fromEntries(again.resources)).toEqual(Object.fromEntries(resources));
    expect(again.bench).toEqual(bench);
  });

  it('bundles the same text from whichever folder it runs in', async () => {
    const bundle = async (cwd: string) => {
      const script = `import { bundleFixture } from ${JSON.stringify(join(ROOT, 'infra/bundle.ts'))};
        console.log(bundleFixture('f5-mock/main.ts'));`;
      const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script], { cwd });
      return stdout;
    };
    const [here, elsewhere] = await Promise.all([bundle(ROOT), bundle(tmpdir())]);
    // Modules are named by where they are from here.
    expect(here).toContain('// fixtures/f5-mock/');
    expect(elsewhere).toBe(here);
  });
});
