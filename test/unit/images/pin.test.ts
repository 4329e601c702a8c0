import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { LOCK_FILE, readLock } from '../../../infra/registry/lock.ts';
import { resolveDigest, withPins, writeLock } from '../../../runner/images/pin.ts';
import { FakePrograms } from '../../support/fake-program.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const wanted = { reference: 'nginx:1', pulled: 'mirror.test/nginx:1' };
afterEach(() => vi.unstubAllEnvs());

async function resolve(script: string) {
  await using docker = await FakePrograms.make({ docker: script });
  vi.stubEnv('PATH', docker.path);
  return { pin: await resolveDigest('unix:///engine', wanted), calls: await docker.calls('docker') };
}

it('takes the digest that the registry names for the tag', async () => {
  const { pin, calls } = await resolve(
    `echo "1: Pulling"; echo "Digest: ${digest('a')}"; echo "Status: new"`,
  );
  expect(pin).toEqual({ reference: 'nginx:1', digest: digest('a') });
  expect(calls).toEqual(['pull mirror.test/nginx:1']);
});

it('has no digest where the registry refuses, or names none', async () => {
  const refused = await resolve('echo "Error response from daemon: denied" >&2; exit 1');
  expect(refused.pin).toEqual({ reference: 'nginx:1', problem: 'Error response from daemon: denied' });
  expect((await resolve('echo "Digest: none"')).pin).not.toHaveProperty('digest');
});

it('writes only what was resolved, sorted, and keeps the date of what is still the same', () => {
  const lock = {
    'nginx:1': { digest: digest('a'), pinned: '2026-01-01' },
    'httpd:2': { digest: digest('b'), pinned: '2026-01-01' },
  };
  const pins = [
    { reference: 'nginx:1', digest: digest('a') },
    { reference: 'httpd:2', problem: 'denied' },
    { reference: 'haproxy:2', digest: digest('c') },
  ];
  const next = withPins(lock, pins, '2026-11-25');
  expect(next).toEqual({ ...lock, 'haproxy:2': { digest: digest('c'), pinned: '2026-11-25' } });
  expect(Object.keys(next)).toEqual(['haproxy:2', 'httpd:2', 'nginx:1']);
});

it('reads what it has written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  const file = join(folder, 'images.lock.json');
  const lock = { 'nginx:1': { digest: digest('a'), pinned: '2026-01-01' } };
  writeLock(lock, file);
  expect(readLock(file)).toEqual(lock);
  expect(readFileSync(file, 'utf8').endsWith('}\n')).toBe(true);
  rmSync(folder, { recursive: true });
});

it('the committed lock is one', () => {
  expect(() => readLock(LOCK_FILE)).not.toThrow();
});
