/**
 * Makes an image from a certctl agent binary and prints its content address, through the engine's API as
 * subject/build.ts does. Settings: AGENT_BASE (image), AGENT_BINARY (path on this machine).
 */
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { contentHash } from '../subject/content-hash.ts';

const run = promisify(execFile);
const docker = async (...args: string[]) => (await run('docker', args)).stdout.trim();

const { AGENT_BASE = '', AGENT_BINARY = '' } = process.env;
const hash = contentHash([AGENT_BINARY, import.meta.filename]);
const tag = `certctl-bench/subject:agent-${hash.slice(0, 12)}-${AGENT_BASE.replace(/^sha256:/, '').slice(0, 12)}`;

async function build(): Promise<string> {
  const stage = mkdtempSync(join(tmpdir(), 'certctl-bench-'));
  const container = await docker('container', 'create', '--network', 'none', AGENT_BASE, 'true');
  try {
    mkdirSync(join(stage, 'app'), { mode: 0o755 });
    copyFileSync(AGENT_BINARY, join(stage, 'app/agent'));
    chmodSync(join(stage, 'app/agent'), 0o755);
    chmodSync(stage, 0o755);
    await docker('cp', `${stage}/.`, `${container}:/`);
    return await docker('commit', container, tag);
  } finally {
    rmSync(stage, { recursive: true, force: true });
    await docker('rm', container);
  }
}

const found = await docker('image', 'ls', '--quiet', '--no-trunc', tag);
console.log(found || (await build()));
