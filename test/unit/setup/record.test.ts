import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { benchDir } from '../../../runner/paths.ts';
import { readRecord, writeRecord } from '../../../runner/setup/record.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

beforeEach(() => rmSync(benchDir, { recursive: true, force: true }));

describe('record', () => {
  it('is undefined before the first setup', () => {
    expect(readRecord()).toBeUndefined();
  });

  it.each([[{ imageSource: 'debian', debianImage: 'sha256:abc' }], [{ imageSource: 'registry' }]] as const)(
    'is read as it was written: %o',
    (record) => {
      writeRecord({ imageSource: 'debian', debianImage: 'sha256:older' });
      writeRecord(record);
      expect(readRecord()).toEqual(record);
      expect(readdirSync(benchDir), 'nothing half-written stays').toEqual(['setup.json']);
    },
  );

  it.each(['', '{', '{}', '{"imageSource":"ftp"}'])('that holds %j is an error that names it', (text) => {
    mkdirSync(benchDir);
    const file = join(benchDir, 'setup.json');
    writeFileSync(file, text);
    expect(readRecord).toThrow(EnvironmentError);
    expect(readRecord).toThrow(`${file} cannot be read; remove it and run "bench setup"`);
  });
});
