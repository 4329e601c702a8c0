/**
 * Makes an image from a certctl agent binary and prints its content address.
 * Settings: AGENT_BASE (image), AGENT_BINARY (path on this machine).
 */
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from '../subject/content-hash.ts';
import { findImage, MAKE_IMAGE, makeImage } from '../subject/make-image.ts';

const { AGENT_BASE = '', AGENT_BINARY = '' } = process.env;
const hash = contentHash([AGENT_BINARY, import.meta.filename, MAKE_IMAGE]);
const tag = `certctl-bench/subject:agent-${hash.slice(0, 12)}-${AGENT_BASE.replace(/^sha256:/, '').slice(0, 12)}`;

function fill(stage: string): void {
  mkdirSync(join(stage, 'app'), { mode: 0o755 });
  copyFileSync(AGENT_BINARY, join(stage, 'app/agent'));
  chmodSync(join(stage, 'app/agent'), 0o755);
  chmodSync(stage, 0o755);
}

console.log((await findImage(tag)) || (await makeImage(tag, AGENT_BASE, fill, [])));
