import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { projectRoot } from '../../../runner/paths.ts';
import { buildDebianImage, debianImageTag, findDebianImage } from '../../../runner/setup/debian-image.ts';
import { FakePrograms } from '../../support/fake-program.ts';

// A checkout of the test's own, with the same recipe.
const RECIPE = 'toolchain/debian-image/build.sh';
const { real } = vi.hoisted(() => ({ real: { root: '' } }));
vi.mock(import('../../../runner/paths.ts'), async (original) => {
  const paths = await original();
  real.root = paths.projectRoot;
  return { ...paths, projectRoot: mkdtempSync(join(tmpdir(), 'bench-checkout-')) };
});

const HOST = 'unix:///engine.sock';
const recipe = join(projectRoot, RECIPE);

beforeEach(() => {
  mkdirSync(dirname(recipe), { recursive: true });
  cpSync(join(real.root, RECIPE), recipe);
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => rmSync(projectRoot, { recursive: true }));

async function dockerThat(script: string) {
  const fake = await FakePrograms.make({ docker: `[ "$DOCKER_HOST" = ${HOST} ] || exit 64\n${script}` });
  vi.stubEnv('PATH', fake.path);
  return fake;
}

describe('the tag', () => {
  it('is stable, and has the hash of the recipe in it', () => {
    const tag = debianImageTag();
    expect(tag).toMatch(/^certctl-bench\/debian:[0-9a-f]{12}$/);
    expect(debianImageTag()).toBe(tag);
  });

  it('changes with the recipe, and back', () => {
    const tag = debianImageTag();
    const text = readFileSync(recipe, 'utf8');
    writeFileSync(recipe, text.replace('openssl', 'openssl curl'));
    expect(debianImageTag()).not.toBe(tag);
    writeFileSync(recipe, text);
    expect(debianImageTag()).toBe(tag);
  });
});

describe('findDebianImage', () => {
  it('asks the engine for this very tag', async () => {
    await using docker = await dockerThat('echo sha256:abc');
    expect(await findDebianImage(HOST)).toBe('sha256:abc');
    expect(await docker.calls('docker')).toEqual([`image inspect --format {{.Id}} ${debianImageTag()}`]);
  });

  it('is undefined where the engine has it not', async () => {
    await using _ = await dockerThat('echo "No such image" >&2; exit 1');
    expect(await findDebianImage(HOST)).toBeUndefined();
  });
});

describe('buildDebianImage', () => {
  it("hands the recipe's output to the engine, and the recipe the locked Node and the targets' packages", async () => {
    writeFileSync(recipe, '#!/bin/sh\nprintf "root file system with %s" "$*"\n', { mode: 0o755 });
    await using docker = await dockerThat('cat > "$0.state"; echo sha256:made');
    expect(await buildDebianImage(HOST)).toBe('sha256:made');
    expect(readFileSync(join(docker.bin, 'docker.state'), 'utf8')).toMatch(
      /^root file system with .*node_modules\/node-linux-\w+\/bin\/node nginx-light apache2 haproxy\b/,
    );
    expect(await docker.calls('docker')).toEqual([`import - ${debianImageTag()}`]);
  });

  it('leaves no image when the recipe fails, and tells its last line', async () => {
    const script = '#!/bin/sh\necho half; echo "E: unable to locate package" >&2; exit 25\n';
    writeFileSync(recipe, script, { mode: 0o755 });
    await using docker = await dockerThat('[ $1 = image ] || cat > /dev/null; echo sha256:half');
    const built = buildDebianImage(HOST);
    await expect(built).rejects.toThrow(EnvironmentError);
    await expect(built).rejects.toThrow(/could not be built: E: unable to locate package$/);
    expect((await docker.calls('docker')).at(-1)).toBe(`image rm ${debianImageTag()}`);
  });
});
