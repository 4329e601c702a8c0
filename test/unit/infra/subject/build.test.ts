import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakePrograms } from '../../../support/fake-program.ts';

const BUILD = join(import.meta.dirname, '../../../../infra/subject/build.ts');
const BASE = `sha256:${'ba5e'.repeat(16)}`;
const MADE = `sha256:${'beef'.repeat(16)}`;

/** Keeps an image after "commit"; "cp" shows what would be copied. */
const ENGINE = `case "$1 $2" in
  "image ls") cat "$0.state" 2>/dev/null; true ;;
  "container create") echo c0ffee ;;
  "commit --change") echo ${MADE} | tee "$0.state" ;;
  "cp "*) (cd "\${2%/.}" && find . -type f -exec stat -c "%a %n" {} + | sort) > "$0.copied" ;;
  "ps "*) cat "$0.abandoned" 2>/dev/null; true ;;
  "rm "*) ;;
esac`;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'subject-'));
  await mkdir(join(dir, 'sql'));
  await writeFile(join(dir, 'server'), 'binary', { mode: 0o600 });
  await writeFile(join(dir, 'sql/1.sql'), 'create table', { mode: 0o600 });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function build(docker: FakePrograms) {
  const env = {
    PATH: docker.path,
    TMPDIR: dir,
    SUBJECT_BASE: BASE,
    SUBJECT_BINARY: join(dir, 'server'),
    SUBJECT_MIGRATIONS: join(dir, 'sql'),
  };
  return execa(process.execPath, [BUILD], { env, reject: false });
}

describe('build', () => {
  it('makes an image on the base and prints its content address', async () => {
    await using docker = await FakePrograms.make({ docker: ENGINE });
    const { stdout, exitCode } = await build(docker);
    expect([exitCode, stdout]).toEqual([0, MADE]);
    const calls = await docker.calls('docker');
    expect(calls.map((line) => line.replace(/ .*/, ''))).toEqual([
      ...['image', 'ps', 'container', 'cp', 'commit', 'rm'],
    ]);
    const [, name, pid] = / --name (certctl-bench-build-[0-9a-f]{12}-\S+-(\d+)) /.exec(calls[2] ?? '') ?? [];
    const label = `--label certctl-bench.build=${hostname()}:${pid}`;
    expect(calls[2]).toBe(`container create --name ${name} ${label} --network none ${BASE} true`);
    expect(calls[4]).toMatch(
      /USER 1000.*CMD \["\/app\/server"\].*LABEL certctl-bench.build="" c0ffee certctl-bench\/subject:[0-9a-f]{12}-/,
    );
    expect(calls[5]).toBe('rm --force c0ffee');
  });

  it('removes the containers of builds that were killed on this machine, and no others', async () => {
    await using docker = await FakePrograms.make({ docker: ENGINE });
    const lines = [
      `killed ${hostname()}:${2 ** 22 + 1}`,
      `living ${hostname()}:${process.pid}`,
      `far not-${hostname()}:${2 ** 22 + 1}`,
      'subject ',
    ];
    await writeFile(join(docker.bin, 'docker.abandoned'), lines.join('\n'));
    expect((await build(docker)).stdout).toBe(MADE);
    const calls = await docker.calls('docker');
    expect(calls[2]).toBe('rm --force killed');
    expect(calls.filter((line) => line.startsWith('rm '))).toHaveLength(2);
  });

  it('copies what certctl, which is not root, can read and run', async () => {
    await using docker = await FakePrograms.make({ docker: ENGINE });
    await build(docker);
    const { stdout } = await execa('cat', [join(docker.bin, 'docker.copied')]);
    expect(stdout).toBe('644 ./app/migrations/1.sql\n755 ./app/server');
  });

  it('copies what a link to the binary names', async () => {
    await using docker = await FakePrograms.make({ docker: ENGINE });
    await rename(join(dir, 'server'), join(dir, 'server-v2'));
    await symlink('server-v2', join(dir, 'server'));
    expect((await build(docker)).stderr).toBe('');
    const { stdout } = await execa('cat', [join(docker.bin, 'docker.copied')]);
    expect(stdout).toContain('755 ./app/server');
  });

  it('makes nothing where the engine has the image of this very content', async () => {
    await using docker = await FakePrograms.make({ docker: ENGINE });
    await build(docker);
    const { stdout } = await build(docker);
    expect(stdout).toBe(MADE);
    const calls = await docker.calls('docker');
    expect(calls).toHaveLength(7);
    expect(calls[6], 'the same tag').toBe(calls[0]);
    await writeFile(join(dir, 'sql/1.sql'), 'create another');
    await build(docker);
    expect((await docker.calls('docker'))[7]).not.toBe(calls[0]);
  });

  it('leaves no container and no files behind when the engine fails', async () => {
    await using docker = await FakePrograms.make({
      docker: ENGINE.replace('(cd', 'echo "no space left" >&2; exit 1; (cd'),
    });
    const { exitCode, stderr } = await build(docker);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('no space left');
    expect((await docker.calls('docker')).at(-1)).toBe('rm --force c0ffee');
    const { stdout } = await execa('ls', [dir]);
    expect(stdout.split('\n').sort()).toEqual(['server', 'sql']);
  });
});
