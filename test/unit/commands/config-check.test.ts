import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkConfig } from '../../../runner/commands/config-check.ts';

const { root } = vi.hoisted(() => ({ root: { path: '' } }));
vi.mock('../../../runner/paths.ts', async (original) => {
  const paths = await original<typeof import('../../../runner/paths.ts')>();
  root.path = mkdtempSync(join(tmpdir(), 'bench-config-'));
  cpSync(join(paths.projectRoot, 'Pulumi.yaml'), join(root.path, 'Pulumi.yaml'));
  return { ...paths, projectRoot: root.path };
});

const own = (yaml: string) => writeFileSync(join(root.path, 'Pulumi.mine.yaml'), `config:\n${yaml}`);

beforeAll(() => {
  writeFileSync(join(root.path, 'server'), '');
  writeFileSync(join(root.path, '1.up.sql'), '');
});
afterAll(() => rmSync(root.path, { recursive: true }));

test('what the stack has in its own config need not be given again', () => {
  const subjectBinary = join(root.path, 'server');
  own(`  certctl-bench:subject: binary\n  certctl-bench:subjectMigrations: ${root.path}\n`);
  expect(() => checkConfig({ subjectBinary }, 'mine')).not.toThrow();
  expect(() => checkConfig({ subjectBinary }, undefined)).toThrow(/subjectMigrations must be set/);
});

test('what the stack has in its own config is checked together with what is given', () => {
  own('  certctl-bench:subject: image\n');
  expect(() => checkConfig({ standInFaults: '{"delayMs":1}' }, 'mine')).toThrow(/subject stand-in only/);
});

test('secrets and keys of others are left alone', () => {
  own('  other:subject: nonsense\n  certctl-bench:result:\n    secure: v1:abc\n');
  expect(() => checkConfig({ bindAddress: '127.0.0.1' }, 'mine')).not.toThrow();
});

test('migrations are files that are there', () => {
  const given = { subjectBinary: join(root.path, 'server'), subjectMigrations: join(root.path, 'empty') };
  mkdirSync(given.subjectMigrations);
  expect(() => checkConfig(given, undefined)).toThrow(/subjectMigrations must name the folder with the .sql/);
});
