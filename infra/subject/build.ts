/**
 * Makes an image from a certctl server binary and its migrations and prints its content address.
 * Settings: SUBJECT_BASE (image), SUBJECT_BINARY, SUBJECT_MIGRATIONS (paths on this machine).
 */
import { chmodSync, copyFileSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from './content-hash.ts';
import { findImage, MAKE_IMAGE, makeImage } from './make-image.ts';

const { SUBJECT_BASE = '', SUBJECT_BINARY = '', SUBJECT_MIGRATIONS = '' } = process.env;
// With this recipe in it: an image that an earlier one made of the same files is another image.
const hash = contentHash([SUBJECT_BINARY, SUBJECT_MIGRATIONS, import.meta.filename, MAKE_IMAGE]);
const tag = `certctl-bench/subject:${hash.slice(0, 12)}-${SUBJECT_BASE.replace(/^sha256:/, '').slice(0, 12)}`;

function fill(stage: string): void {
  cpSync(SUBJECT_MIGRATIONS, join(stage, 'app/migrations'), { recursive: true, dereference: true });
  // cpSync takes a link to a file for a folder where it dereferences.
  copyFileSync(SUBJECT_BINARY, join(stage, 'app/server'));
  // Whatever the modes were: certctl, which is not root, must read all and run the one.
  for (const entry of readdirSync(stage, { recursive: true, withFileTypes: true }))
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  chmodSync(join(stage, 'app/server'), 0o755);
}

// As certctl's own image: user 1000, to whom server.key belongs.
const CHANGES = ['WORKDIR /app', 'USER 1000', 'CMD ["/app/server"]'];
console.log((await findImage(tag)) || (await makeImage(tag, SUBJECT_BASE, fill, CHANGES)));
