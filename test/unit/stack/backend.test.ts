import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { benchDir } from '../../../runner/paths.ts';
import { findBackend } from '../../../runner/stack/backend.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pulumi-home-'));
  rmSync(benchDir, { recursive: true, force: true });
  vi.stubEnv('PULUMI_HOME', home);
  for (const name of ['PULUMI_BACKEND_URL', 'PULUMI_ACCESS_TOKEN', 'PULUMI_CREDENTIALS_PATH'])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const logIn = (folder: string, credentials: object) =>
  writeFileSync(join(folder, 'credentials.json'), JSON.stringify(credentials));

describe('without a login of their own', () => {
  it('stacks are kept in files below the bench, encrypted', () => {
    const { kind, env } = findBackend();
    expect(kind).toBe('embedded');
    expect(env.PULUMI_BACKEND_URL).toBe(`file://${join(benchDir, 'state')}?metadata=skip`);
    expect(statSync(join(benchDir, 'state')).isDirectory()).toBe(true);
    expect(env.PULUMI_CONFIG_PASSPHRASE).toMatch(/^[\w-]{32}$/);
  });

  it('the passphrase stays, and only its owner may read it', () => {
    const first = findBackend();
    expect(findBackend()).toEqual(first);
    expect(statSync(join(benchDir, 'passphrase')).mode & 0o777).toBe(0o600);
    rmSync(benchDir, { recursive: true });
    expect(findBackend().env.PULUMI_CONFIG_PASSPHRASE).not.toBe(first.env.PULUMI_CONFIG_PASSPHRASE);
  });

  it.each([['{}'], ['{"current":""}'], ['not JSON']])('credentials that hold %s are none', (text) => {
    writeFileSync(join(home, 'credentials.json'), text);
    expect(findBackend().kind).toBe('embedded');
  });

  it('says where it cannot write', () => {
    writeFileSync(benchDir, 'a file where the folder should be');
    expect(findBackend).toThrow(EnvironmentError);
    expect(findBackend).toThrow(`cannot write below ${benchDir}`);
  });
});

describe("a person's own login", () => {
  it('is used, and nothing is made', () => {
    logIn(home, { current: 'https://api.pulumi.com' });
    expect(findBackend()).toEqual({ kind: 'own', env: { PULUMI_CREDENTIALS_PATH: home } });
    expect(() => statSync(benchDir)).toThrow();
  });

  it('is found where PULUMI_CREDENTIALS_PATH says', () => {
    const elsewhere = join(home, 'elsewhere');
    mkdirSync(elsewhere);
    logIn(elsewhere, { current: 'file://~' });
    vi.stubEnv('PULUMI_CREDENTIALS_PATH', elsewhere);
    expect(findBackend()).toEqual({ kind: 'own', env: { PULUMI_CREDENTIALS_PATH: elsewhere } });
  });

  it.each(['PULUMI_BACKEND_URL', 'PULUMI_ACCESS_TOKEN'])('may stand in %s', (name) => {
    vi.stubEnv(name, 'set');
    expect(findBackend().kind).toBe('own');
  });
});
