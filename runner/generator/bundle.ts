/** The generator as a few files of JavaScript, to be uploaded into a container. */
import { basename, extname, join } from 'node:path';
import { build } from 'esbuild';
import { MODULE } from '../../infra/bundle.ts';
import { projectRoot } from '../paths.ts';

/** Of this file: TypeScript in a checkout, JavaScript in an installed package. */
const ending = extname(import.meta.filename);
/** The program, and the threads that it starts by their file names. */
const ENTRIES = ['generator/inside', 'engine/lane-thread', 'engine/pacer'];

export const MAIN = 'inside.mjs';

/** Text by file name; all belong into one folder. */
export async function bundleGenerator(): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    entryPoints: ENTRIES.map((entry) => join(projectRoot, 'runner', `${entry}${ending}`)),
    outdir: '/',
    entryNames: '[name]',
    outExtension: { '.js': '.mjs' },
    ...MODULE,
  });
  const threads = new RegExp(`new URL\\("\\./([\\w-]+)\\${ending}", import\\.meta\\.url\\)`, 'g');
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [
      basename(path),
      text.replaceAll(threads, 'new URL("./$1.mjs", import.meta.url)'),
    ]),
  );
}
