import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { main } from '../../../runner/cli.ts';
import { benchDir } from '../../../runner/paths.ts';
import { temporaryFolder } from '../../../runner/stack/temporary.ts';
import { FakePrograms } from '../../support/fake-program.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);
// Those are looked for on the whole machine, which is not this test's to clean.
vi.mock(import('../../../runner/sweep/engines.ts'), async (original) => ({
  ...(await original()),
  orphanedEngines: () => [],
}));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(benchDir, { recursive: true, force: true });
});

it('sweeps this machine where the engine that DOCKER_HOST names does not answer, says so, and ends with 3', async () => {
  await using fake = await FakePrograms.make({ docker: 'exit 1' });
  vi.stubEnv('PATH', fake.path);
  vi.stubEnv('DOCKER_HOST', 'tcp://gone.test:2376');
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const printed = vi.spyOn(console, 'log').mockReturnValue();
  const left = temporaryFolder();
  rmSync(join(left, 'holders', `${process.pid}.json`));
  await main(['sweep', '--json']);
  const code = process.exitCode;
  process.exitCode = undefined;
  expect(code).toBe(3);
  expect(String(said.mock.calls)).toMatch(/gone\.test.*What is left in that engine stays/);
  expect(existsSync(left)).toBe(false);
  expect(JSON.parse(printed.mock.calls.join()).swept).toMatchObject([{ name: left, removed: true }]);
});
