/** Fixtures as the text that is uploaded into containers: nothing is mounted from this machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, version } from 'esbuild';
import { onceOf } from './bundle-cache.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const fixture = (path: string) => join(root, 'fixtures', path);

/** How esbuild makes ES modules for Node 24 that bring all they import, as text. */
export const MODULE = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  legalComments: 'none',
  // CommonJS packages inside an ES module call require().
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/** A file below fixtures/, as it is. */
export function readFixture(path: string): string {
  return readFileSync(fixture(path), 'utf8');
}

/** A TypeScript fixture with all that it imports, as one ES module for Node 24. */
export function bundleFixture(path: string): string {
  return onceOf(path, JSON.stringify({ version, root, MODULE }), () => {
    const { outputFiles, metafile } = buildSync({
      entryPoints: [fixture(path)],
      // Modules are named by their path from here: the same text from whichever folder Pulumi runs the program.
      absWorkingDir: root,
      metafile: true,
      ...MODULE,
    });
    const [bundle] = outputFiles;
    if (bundle === undefined) throw new Error(`esbuild made nothing of ${path}`);
    return { text: bundle.text, inputs: Object.keys(metafile.inputs).map((input) => join(root, input)) };
  });
}
