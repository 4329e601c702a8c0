import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleFixture } from '../../infra/bundle.ts';
import { ROOT } from './stacks.ts';

const { uploadsOf } = await import('../../infra/uploads.ts');
const [upload] = uploadsOf({ '/opt/f5.mjs': { fixture: 'f5-mock/main.ts' } });

it('a module is where it says, seen from where Pulumi runs the program and its plugins', () => {
  const kept = readFileSync(join(ROOT, 'infra', String(upload?.source)), 'utf8');
  expect(kept).toBe(bundleFixture('f5-mock/main.ts'));
});

it('it is the same file the next time', () => {
  expect(uploadsOf({ '/opt/f5.mjs': { fixture: 'f5-mock/main.ts' } })).toEqual([upload]);
});

it('text and files that are no module stand in the resource', () => {
  expect(uploadsOf({ '/a': { text: 'b' }, '/etc/nginx.conf': { fixture: 'nginx.conf' } })).toEqual([
    { file: '/a', content: 'b' },
    { file: '/etc/nginx.conf', content: readFileSync(join(ROOT, 'fixtures/nginx.conf'), 'utf8') },
  ]);
});
