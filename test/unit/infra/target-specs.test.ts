import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OFFICIAL_IMAGES } from '../../../infra/registry/official.ts';
import { TARGETS } from '../../../infra/target-specs.ts';
import { TARGET_NAMES } from '../../../infra/targets.ts';

test('each file in targets/ is listed, and each line of the list has its file', () => {
  const files = readdirSync(new URL('../../../infra/targets/', import.meta.url));
  expect(files).toEqual(TARGET_NAMES.map((name) => `${name}.ts`).toSorted());
  for (const name of TARGET_NAMES) expect(TARGETS[name].command, name).toBeDefined();
});

test('the image of each target is one that is pinned, once', () => {
  expect(OFFICIAL_IMAGES).toEqual([...new Set(OFFICIAL_IMAGES)]);
  for (const { image } of Object.values(TARGETS)) expect(OFFICIAL_IMAGES).toContain(image);
});
