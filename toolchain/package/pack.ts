/**
 * Makes the package that others install, `certctl-bench-<version>.tgz`, from `dist/`: the same tree with JavaScript
 * for TypeScript, because Node strips no types inside node_modules. Prints the name of the tarball.
 */
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import manifest from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

/** What is not TypeScript and belongs to the package. */
const AS_IT_IS = [
  'Pulumi.yaml',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  '{infra,runner}/**/*.{yaml,json,mjs}',
  'fixtures/**/*.{conf,cfg,sh}',
  'toolchain/{pulumi,pulumi-*}/**/*.{go,mod,sum}',
  'toolchain/debian-image/build.sh',
];

rmSync(dist, { recursive: true, force: true });
await execa('tsc', ['--project', join(import.meta.dirname, 'tsconfig.json')], {
  cwd: root,
  preferLocal: true,
  stdio: ['ignore', 2, 2],
});
for (const path of globSync(AS_IT_IS, { cwd: root })) {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  copyFileSync(join(root, path), join(dist, path));
}
// Threads, gates and fixtures are named by file, which the compiler does not see.
for (const path of globSync('**/*.{js,mjs}', { cwd: dist })) {
  const code = readFileSync(join(dist, path), 'utf8');
  writeFileSync(join(dist, path), code.replaceAll(/\.ts(?=['"`])/g, '.js'));
}
const { scripts: _, devDependencies: __, ...published } = manifest;
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
const { stdout } = await execa('npm', ['pack', '--pack-destination', root], { cwd: dist });
console.log(stdout);
