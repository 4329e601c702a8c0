/** Puts what the bench makes on a machine into a folder of the test file's own, for `vi.mock` of runner/paths.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

type Paths = typeof import('../../runner/paths.ts');

export async function temporaryPaths(original: () => Promise<Paths>): Promise<Paths> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const benchDir = join(folder, '.bench');
  return {
    ...(await original()),
    benchDir,
    resultsDir: join(folder, 'results'),
    runDir: () => join(benchDir, 'run'),
  };
}
