/**
 * Makes an image from a certctl server binary and its migrations and prints its content address. It copies
 * through the engine's API, so that it works on a remote engine too, and needs no Dockerfile and no network.
 * Settings: SUBJECT_BASE (image), SUBJECT_BINARY, SUBJECT_MIGRATIONS (paths on this machine).
 */
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { contentHash } from './content-hash.ts';

const run = promisify(execFile);
const docker = async (...args: string[]) => (await run('docker', args)).stdout.trim();

const { SUBJECT_BASE = '', SUBJECT_BINARY = '', SUBJECT_MIGRATIONS = '' } = process.env;
// With this recipe in it: an image that an earlier one made of the same files is another image.
const hash = contentHash([SUBJECT_BINARY, SUBJECT_MIGRATIONS, import.meta.filename]);
const tag = `certctl-bench/subject:${hash.slice(0, 12)}-${SUBJECT_BASE.replace(/^sha256:/, '').slice(0, 12)}`;

async function build(): Promise<string> {
  const stage = mkdtempSync(join(tmpdir(), 'certctl-bench-'));
  const container = await docker('container', 'create', '--network', 'none', SUBJECT_BASE, 'true');
  try {
    cpSync(SUBJECT_MIGRATIONS, join(stage, 'app/migrations'), { recursive: true, dereference: true });
    // cpSync takes a link to a file for a folder where it dereferences.
    copyFileSync(SUBJECT_BINARY, join(stage, 'app/server'));
    // Whatever the modes were: certctl, which is not root, must read all and run the one.
    for (const entry of readdirSync(stage, { recursive: true, withFileTypes: true }))
      chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
    chmodSync(join(stage, 'app/server'), 0o755);
    await docker('cp', `${stage}/.`, `${container}:/`);
    // As certctl's own image: user 1000, to whom server.key belongs.
    const changes = ['WORKDIR /app', 'USER 1000', 'CMD ["/app/server"]'].flatMap((line) => [
      '--change',
      line,
    ]);
    return await docker('commit', ...changes, container, tag);
  } finally {
    rmSync(stage, { recursive: true, force: true });
    await docker('rm', container);
  }
}

const found = await docker('image', 'ls', '--quiet', '--no-trunc', tag);
console.log(found || (await build()));
