import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { registryAuth } from '../../../../infra/registry/credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
const configFile = join(folder, 'config.json');
afterAll(() => rmSync(folder, { recursive: true }));

function authFor(registries: (string | undefined)[], config?: object | string) {
  if (config !== undefined)
    writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config));
  return registryAuth(registries, { DOCKER_CONFIG: folder });
}

it('gives nothing without a config, and where it cannot be read', () => {
  expect(authFor(['registry.test'])).toEqual([]);
  expect(authFor(['registry.test'], 'no JSON')).toEqual([]);
});

it.each([
  { auths: { 'registry.test': {} } },
  { auths: { 'https://registry.test/v2/': {} } },
  { credHelpers: { 'registry.test': 'ecr-login' } },
  { credsStore: 'desktop' },
])('names the file for a registry that %j knows, once', (config) => {
  expect(authFor(['registry.test', undefined, 'registry.test'], config)).toEqual([
    { address: 'registry.test', configFile },
  ]);
});

it('gives nothing for a registry that the config does not know', () => {
  expect(authFor(['other.test', undefined], { auths: { 'registry.test': { auth: 'eDp5' } } })).toEqual([]);
});
