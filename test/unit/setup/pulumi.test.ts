import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { benchDir } from '../../../runner/paths.ts';
import {
  benchInstallation,
  findOwnInstallation,
  hasPlugin,
  missingParts,
  PARTS,
  requireGo,
} from '../../../runner/setup/pulumi.ts';
import { CLI_VERSION, PLUGINS, pluginVersion } from '../../../runner/setup/versions.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pulumi-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
  rmSync(benchDir, { recursive: true, force: true });
});

/** Makes an empty program and all folders above it. */
function program(file: string, mode = 0o755): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  chmodSync(file, mode);
  return file;
}
const path = (...folders: string[]) => folders.join(delimiter);

describe('findOwnInstallation', () => {
  it('is the first on PATH', () => {
    program(join(dir, 'one/bin/pulumi'));
    program(join(dir, 'two/bin/pulumi'));
    vi.stubEnv('PULUMI_HOME', '/home/me/.pulumi');
    const folders = path(join(dir, 'empty/bin'), join(dir, 'two/bin'), join(dir, 'one/bin'));
    expect(findOwnInstallation(folders)).toEqual({
      root: join(dir, 'two'),
      home: '/home/me/.pulumi',
      kind: 'own',
    });
  });

  it('is none where PATH has none', () => {
    expect(findOwnInstallation(path(dir, join(dir, 'bin')))).toBeUndefined();
    expect(findOwnInstallation('')).toBeUndefined();
  });

  it('is not what cannot be run: a folder of that name, a file that is no program', () => {
    mkdirSync(join(dir, 'a/bin/pulumi'), { recursive: true });
    program(join(dir, 'b/bin/pulumi'), 0o644);
    expect(findOwnInstallation(path(join(dir, 'a/bin'), join(dir, 'b/bin')))).toBeUndefined();
  });

  it('is not the one of the bench that "bench env" put there', () => {
    program(join(benchInstallation.root, 'bin/pulumi'));
    const own = program(join(dir, 'own/bin/pulumi'));
    const folders = path(join(benchInstallation.root, 'bin'), dirname(own));
    expect(findOwnInstallation(folders)?.root).toBe(join(dir, 'own'));
    expect(findOwnInstallation(join(benchInstallation.root, 'bin'))).toBeUndefined();
  });
});

describe('hasPlugin', () => {
  const folder = () => join(dir, `plugins/resource-docker-v${pluginVersion('docker')}`);

  it('is true for the version that the npm package speaks to', () => {
    expect(hasPlugin(dir, 'docker')).toBe(false);
    program(join(folder(), 'pulumi-resource-docker'));
    expect(hasPlugin(dir, 'docker')).toBe(true);
    expect(hasPlugin(dir, 'command')).toBe(false);
  });

  it('is false for another version', () => {
    program(join(dir, 'plugins/resource-docker-v0.0.1/pulumi-resource-docker'));
    expect(hasPlugin(dir, 'docker')).toBe(false);
  });

  it('is false while, or after, an installation broke off', () => {
    program(join(folder(), 'pulumi-resource-docker'));
    writeFileSync(`${folder()}.partial`, '');
    expect(hasPlugin(dir, 'docker')).toBe(false);
  });
});

describe('missingParts', () => {
  /** Makes a part as if it had been downloaded. */
  function make(part: (typeof PARTS)[number], stamp: string): void {
    const plugin = PLUGINS.find((name) => part === `pulumi-resource-${name}`);
    const { root, home } = benchInstallation;
    if (plugin) program(join(home, `plugins/resource-${plugin}-v${pluginVersion(plugin)}`, part));
    else program(join(root, 'bin', part));
    mkdirSync(join(home, 'stamps'), { recursive: true });
    writeFileSync(join(home, 'stamps', part), stamp);
  }
  const stamp = `download ${CLI_VERSION}`;

  it('are all of them on a new machine, the CLI first', () => {
    expect(missingParts()).toEqual(PARTS);
    expect(PARTS[0]).toBe('pulumi');
  });

  it('are none where all were downloaded', () => {
    for (const part of PARTS) make(part, stamp);
    expect(missingParts()).toEqual([]);
  });

  it('are those that were made for another version or from another recipe', () => {
    for (const part of PARTS) make(part, stamp);
    make('pulumi', 'download 3.0.0');
    make('pulumi-resource-docker', 'hash of an older recipe');
    expect(missingParts()).toEqual(['pulumi', 'pulumi-resource-docker']);
  });

  it('are those that lie there without a stamp: they were not finished', () => {
    for (const part of PARTS) make(part, stamp);
    rmSync(join(benchInstallation.home, 'stamps/pulumi-language-nodejs'));
    expect(missingParts()).toEqual(['pulumi-language-nodejs']);
  });
});

it('requireGo names the compiler that is missing, and how to get it', async () => {
  vi.stubEnv('PATH', dir);
  await expect(requireGo()).rejects.toThrow(/no Go compiler: install Go/);
});
