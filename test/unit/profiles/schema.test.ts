import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { profileJsonSchema } from '../../../runner/profiles/json-schema.ts';
import { knownProfiles } from '../../../runner/profiles/load.ts';

const schema = profileJsonSchema();
const source = (name: string) =>
  readFile(new URL(`../../../runner/profiles/${name}.yaml`, import.meta.url), 'utf8');

// Out of date: `vitest -u` writes it again.
test('docs/profile.schema.json is what the code says', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../../docs/profile.schema.json',
  );
});

test('editors find the schema from the bundled profiles, and it accepts them', async () => {
  const validate = new Ajv2020().compile(schema);
  for (const name of await knownProfiles()) {
    const text = await source(name);
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/docs\/profile\.schema\.json\n/);
    validate(parse(text));
    expect(validate.errors).toBeNull();
  }
});

test('the schema refuses what the program refuses', async () => {
  const validate = new Ajv2020().compile(schema);
  const smoke = await source('smoke');
  expect(validate(parse(smoke.replace('duration: 20s', 'duration: 20x')))).toBe(false);
  expect(validate(parse(smoke.replace('maxVUs:', 'vus:')))).toBe(false);
  expect(validate({ extends: 'smoke', name: 'x', scenario: {} })).toBe(false);
  expect(validate({ extends: 'smoke', name: 'x', scenarios: { nginx_handshake: { rate: 5 } } })).toBe(true);
});
