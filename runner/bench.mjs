#!/usr/bin/env node
import * as modules from 'node:module';
import { join } from 'node:path';

// Plain JavaScript, so that a Node that cannot run TypeScript still gets as far as this sentence.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 5)) {
  console.error(`bench: needs Node 24.5 or newer, but this is ${process.version}; run it as "npx bench"`);
  process.exit(2);
}
// What was compiled once is loaded the next time; where the folder cannot be written, nothing is kept.
const { benchDir } = await import('./paths.ts');
modules.enableCompileCache(join(benchDir, 'cache/node'));
const { main } = await import('./cli.ts');
await main(process.argv.slice(2));
