import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { ROOT } from './stacks.ts';

/** Makes Node say that it is an old one, before anything else runs. */
const OLD_NODE = `data:text/javascript,
  const change = (key, value) => Object.defineProperty(process, key, { value });
  change('versions', { ...process.versions, node: '20.11.0' });
  change('version', 'v20.11.0');`.replaceAll('\n', '');

describe.each([
  ['infra/main.mjs', 'eval "$(npx bench env)"', 1],
  ['runner/bench.mjs', 'npx bench', 2],
])('%s', (entry, remedy, exitCode) => {
  it('says in one line that Node is too old, and what helps', async () => {
    const args = ['--import', OLD_NODE, join(ROOT, entry)];
    const result = await execa(process.execPath, args, { reject: false });
    expect(result.stderr.split('\n')).toHaveLength(1);
    expect(result.stderr).toMatch(/needs Node 24(\.5)? or newer.*v20\.11\.0/);
    expect(result.stderr).toContain(remedy);
    expect(result.exitCode).toBe(exitCode);
  });

  it('gets as far as that on an old Node: it has nothing that is not plain JavaScript at the top', () => {
    const text = readFileSync(join(ROOT, entry), 'utf8');
    expect(text).not.toMatch(/^import .*\.ts/m);
  });
});
