/**
 * Images made of files of this machine, through the engine's API: without a Dockerfile, without a network, on a remote
 * engine too.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LABEL_BUILD } from '../labels.ts';

const run = promisify(execFile);
const docker = async (...args: string[]) => (await run('docker', args)).stdout.trim();

/** This file belongs to the recipe of each image that it makes. */
export const MAKE_IMAGE = import.meta.filename;

/** Content address of the image with this tag; empty where the engine has none. */
export const findImage = (tag: string) => docker('image', 'ls', '--quiet', '--no-trunc', tag);

/**
 * Copies files into a container of `base`, which is never started, and makes an image of it.
 * @param fill puts the files, with their modes, into an empty folder that stands for `/`
 * @param changes Dockerfile instructions
 * @returns its content address
 */
export async function makeImage(
  tag: string,
  base: string,
  fill: (stage: string) => void,
  changes: string[],
): Promise<string> {
  await removeAbandoned();
  // Several commands may make the same image at the same time.
  const name = `certctl-bench-build-${tag.split(':').at(-1)}-${process.pid}`;
  const label = `${LABEL_BUILD}=${hostname()}:${process.pid}`;
  const options = ['--name', name, '--label', label, '--network', 'none'];
  const container = await docker('container', 'create', ...options, base, 'true');
  const stage = mkdtempSync(join(tmpdir(), 'certctl-bench-'));
  try {
    fill(stage);
    await docker('cp', `${stage}/.`, `${container}:/`);
    // What runs from the image is no build: an image cannot lose a label, only its value.
    const all = [...changes, `LABEL ${LABEL_BUILD}=""`].flatMap((line) => ['--change', line]);
    return await docker('commit', ...all, container, tag);
  } finally {
    rmSync(stage, { recursive: true, force: true });
    await docker('rm', '--force', container);
  }
}

/** Containers of builds that were killed on this machine. Another build may be removing them as well. */
async function removeAbandoned(): Promise<void> {
  const format = `{{.ID}} {{.Label "${LABEL_BUILD}"}}`;
  const found = await docker('ps', '--all', '--filter', `label=${LABEL_BUILD}`, '--format', format);
  const abandoned = found.split('\n').flatMap((line) => {
    const [, id, machine, pid] = /^(\S+) (.+):(\d+)$/.exec(line) ?? [];
    return id !== undefined && machine === hostname() && hasEnded(Number(pid)) ? [id] : [];
  });
  if (abandoned.length > 0) await docker('rm', '--force', ...abandoned).catch(() => {});
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
