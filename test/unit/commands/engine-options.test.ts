import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useEngineOf, useStackEngine } from '../../../runner/commands/engine-options.ts';
import { UsageError } from '../../../runner/errors.ts';

const { root } = vi.hoisted(() => ({ root: { path: '' } }));
vi.mock('../../../runner/paths.ts', async (original) => {
  const paths = await original<typeof import('../../../runner/paths.ts')>();
  root.path = mkdtempSync(join(tmpdir(), 'bench-engine-options-'));
  return { ...paths, projectRoot: root.path, benchDir: root.path };
});
afterAll(() => rmSync(root.path, { recursive: true }));

const NAMES = ['DOCKER_HOST', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];
beforeEach(() => {
  for (const name of NAMES) vi.stubEnv(name, 'of the person');
});
afterEach(() => void vi.unstubAllEnvs());
const asked = () => NAMES.map((name) => process.env[name]);

const FAR = 'ssh://far.test';
function stack(name: string, keys: Record<string, string>): void {
  const lines = Object.entries(keys).map(([key, value]) => `  certctl-bench:${key}: ${value}\n`);
  writeFileSync(join(root.path, `Pulumi.${name}.yaml`), `config:\n${lines.join('')}`);
}

describe('a new stack', () => {
  it('is made on the engine that is given, whatever the environment names', () => {
    useStackEngine({ dockerHost: FAR }, 'new');
    expect(asked()).toEqual([FAR, '', '']);
  });

  it('is made on the one of the environment where none is given', () => {
    useStackEngine({}, 'new');
    expect(asked()).toEqual(NAMES.map(() => 'of the person'));
  });
});

describe('a stack that is there', () => {
  it('is looked for on its own engine, with its certificates', () => {
    stack('far', { subject: 'stand-in', dockerHost: 'tcp://far.test:2376', dockerCertPath: '/certificates' });
    useEngineOf({ stack: 'far' });
    expect(asked()).toEqual(['tcp://far.test:2376', '/certificates', '1']);
  });

  it('may have its certificates elsewhere now', () => {
    stack('far', { subject: 'stand-in', dockerHost: 'tcp://far.test:2376', dockerCertPath: '/certificates' });
    useEngineOf({ stack: 'far', dockerCertPath: '/new' });
    expect(asked()).toEqual(['tcp://far.test:2376', '/new', '1']);
  });

  it('does not move to another engine', () => {
    stack('far', { subject: 'stand-in', dockerHost: FAR });
    const move = () => useStackEngine({ dockerHost: 'tcp://near.test:2376' }, 'far');
    expect(move).toThrow(UsageError);
    expect(move).toThrow(
      /stack far is on ssh:\/\/far\.test, and a stack does not move; .*bench down --stack far/,
    );
    expect(asked()).toEqual(NAMES.map(() => 'of the person'));
  });

  it('is the last one that was made where none is named', () => {
    stack('far', { subject: 'stand-in', dockerHost: FAR, imageSource: 'debian' });
    writeFileSync(join(root.path, 'last-stack'), 'far');
    expect(useEngineOf({}), 'and no other images are looked for there').toEqual({ images: 'debian' });
    expect(asked()[0]).toBe(FAR);
  });
});
