#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Plain JavaScript, so that a Node that cannot run TypeScript still gets as far as this sentence.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(`bench: needs Node 24 or newer, but this is ${process.version}; run it as "npx bench"`);
  process.exit(2);
}
// What was compiled once is loaded the next time; where the folder cannot be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../.bench/cache/node', import.meta.url)));
const { main } = await import('./cli.ts');
await main(process.argv.slice(2));
