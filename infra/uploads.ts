/** Files that are copied into containers: nothing is mounted from this machine. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { types } from '@pulumi/docker';
import { bundleFixture, readFixture } from './bundle.ts';
import { home } from './home.ts';

/** A file below fixtures/ (TypeScript becomes one module), or text. */
export type ContainerFile = { fixture: string } | { text: string };

/** By the path in the container. */
export function uploadsOf(files: Record<string, ContainerFile>): types.input.ContainerUpload[] {
  return Object.entries(files).map(([file, one]) => {
    if ('text' in one) return { file, content: one.text };
    if (one.fixture.endsWith('.ts')) return { file, source: kept(bundleFixture(one.fixture)) };
    return { file, content: readFixture(one.fixture) };
  });
}

/** Where Pulumi runs the program and its plugins. */
const here = import.meta.dirname;

/**
 * Keeps a module in a file that is named by its content, and returns where that is: a module is half a megabyte, and
 * Pulumi writes all that stands in the state after each of its steps. Relative, so that the state names no folder of
 * this machine.
 */
function kept(module: string): string {
  const folder = join(home, '.bench/cache/modules');
  const path = join(folder, `${createHash('sha256').update(module).digest('hex')}.mjs`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, module);
    renameSync(fresh, path);
  }
  return relative(here, path);
}
