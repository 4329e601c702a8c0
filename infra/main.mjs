// Plain JavaScript, so that a Node that cannot run TypeScript still gets as far as this sentence.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `certctl-bench needs Node 24 or newer, but "node" on PATH is ${process.version}. ` +
      'Run: eval "$(npx bench env)", which puts the right one first, and try again.',
  );
  process.exit(1);
}
// Pulumi asks for the stack of every promise, and with its source maps, of which Node's own types need none, these take
// a tenth of the time in which the program runs.
Error.prepareStackTrace = undefined;
export default await (await import('./index.ts')).default;
