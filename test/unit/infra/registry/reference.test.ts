import { expect, it } from 'vitest';
import { fullReference, officialReference, registryOf } from '../../../../infra/registry/reference.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const lock = {
  'nginx:1.27-alpine': { digest, pinned: '2026-11-25' },
  'ghcr.io/certctl-io/certctl-server:v2': { digest, pinned: '2026-11-25' },
};

it('a tag that was pinned is pulled by digest, from a mirror too', () => {
  expect(officialReference('nginx:1.27-alpine', '', lock)).toEqual({
    name: 'nginx:1.27-alpine',
    pulled: `nginx:1.27-alpine@${digest}`,
    isPinned: true,
  });
  expect(officialReference('nginx:1.27-alpine', 'registry.test:5000/hub', lock).pulled).toBe(
    `registry.test:5000/hub/nginx:1.27-alpine@${digest}`,
  );
});

it('a tag that nobody has pinned is pulled as it is', () => {
  const name = 'postgres:16-alpine';
  expect(officialReference(name, '', lock)).toEqual({ name, pulled: name, isPinned: false });
});

it('a subject is pinned by the lock, or by its own name', () => {
  expect(fullReference('ghcr.io/certctl-io/certctl-server:v2', lock)).toMatchObject({ isPinned: true });
  expect(fullReference('ghcr.io/certctl-io/certctl-server:v3', lock)).toMatchObject({ isPinned: false });
  const name = `certctl.test/server@${digest}`;
  expect(fullReference(name, {})).toEqual({ name, pulled: name, isPinned: true });
});

it.each([
  ['nginx', undefined],
  ['nginx:1.27', undefined],
  ['library/nginx', undefined],
  ['ghcr.io/certctl-io/certctl-server:v2', 'ghcr.io'],
  ['localhost/x', 'localhost'],
  ['127.0.0.1:5000/mirror/nginx:1', '127.0.0.1:5000'],
  ['host:5000/x', 'host:5000'],
])('the registry of %s is %s', (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});
