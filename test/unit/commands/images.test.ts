import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { main } from '../../../runner/cli.ts';
import { setup } from '../../../runner/setup/setup.ts';

const { root } = vi.hoisted(() => ({ root: { path: '' } }));
vi.mock('../../../runner/paths.ts', async (original) => {
  const paths = await original<typeof import('../../../runner/paths.ts')>();
  root.path = mkdtempSync(join(tmpdir(), 'bench-images-'));
  cpSync(join(paths.projectRoot, 'Pulumi.yaml'), join(root.path, 'Pulumi.yaml'));
  const below = (name: string) => join(root.path, name);
  return { ...paths, projectRoot: root.path, benchDir: below('.bench'), resultsDir: below('results') };
});
vi.mock('../../../runner/setup/setup.ts', () => ({
  setup: vi.fn(() => Promise.reject(new Error('setup was reached'))),
}));
afterAll(() => rmSync(root.path, { recursive: true }));

vi.spyOn(process.stderr, 'write').mockReturnValue(true);
beforeEach(() => {
  vi.mocked(setup).mockClear();
  const lines = ['subject: stand-in', 'imageSource: debian', `debianImage: sha256:${'0'.repeat(64)}`];
  const config = lines.map((line) => `  certctl-bench:${line}\n`).join('');
  writeFileSync(join(root.path, 'Pulumi.there.yaml'), `config:\n${config}`);
});

const MIRROR = 'imageRegistry=mirror.test/hub';
test.each([
  [['up', '--stack', 'new'], 'auto', undefined],
  [['up', '--stack', 'new', '-c', MIRROR], 'auto', 'registry'],
  [['up', '--stack', 'new', '-c', 'imageSource=debian'], 'auto', 'debian'],
  [['up', '--stack', 'there'], 'auto', 'debian'],
  [['up', '--stack', 'there', '-c', MIRROR], 'auto', 'registry'],
  [['up', '--stack', 'there', '--images', 'registry'], 'registry', 'registry'],
  [['up', '--ephemeral', '-c', MIRROR], 'auto', 'registry'],
  [['loadtest', '-c', MIRROR], 'auto', 'registry'],
  [['loadtest', '--images', 'debian'], 'debian', 'debian'],
])('bench %j sets up the images that its stack will have', async (argv, images, stackImages) => {
  await main(argv);
  process.exitCode = undefined;
  expect(setup).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ images, stackImages }));
});
