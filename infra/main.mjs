// Plain JavaScript, so that a Node that cannot run TypeScript still gets as far as this sentence.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `certctl-bench needs Node 24 or newer, but "node" on PATH is ${process.version}. ` +
      'Run: eval "$(npx bench env)", which puts the right one first, and try again.',
  );
  process.exit(1);
}
export default await (await import('./index.ts')).default;
