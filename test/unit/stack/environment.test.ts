import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { projectRoot } from '../../../runner/paths.ts';
import type { Setup } from '../../../runner/setup/setup.ts';
import { pulumiEnvironment } from '../../../runner/stack/environment.ts';

const BIN = join(projectRoot, 'node_modules/.bin');

function environment(kind: 'own' | 'bench' = 'bench') {
  const setup = {
    engine: { host: 'unix:///run/docker.sock' },
    installation: { root: '/pulumi', home: '/home', kind },
  } as Setup;
  return pulumiEnvironment(setup, { kind: 'embedded', env: { PULUMI_BACKEND_URL: 'file:///state' } });
}

afterEach(() => void vi.unstubAllEnvs());

describe('pulumiEnvironment', () => {
  it("puts the bench's Node and CLI first on PATH, the rest in its order", () => {
    vi.stubEnv('PATH', ['/usr/bin', '/bin'].join(delimiter));
    expect(environment().PATH?.split(delimiter)).toEqual([BIN, '/pulumi/bin', '/usr/bin', '/bin']);
  });

  it('names no folder twice, and changes nothing when it is applied again', () => {
    vi.stubEnv('PATH', ['/usr/bin', '/pulumi/bin', BIN, '/bin'].join(delimiter));
    const first = environment().PATH;
    expect(first?.split(delimiter)).toEqual([BIN, '/pulumi/bin', '/usr/bin', '/bin']);
    vi.stubEnv('PATH', first);
    expect(environment().PATH).toBe(first);
  });

  it('has backend, home and engine', () => {
    expect(environment()).toMatchObject({
      PULUMI_BACKEND_URL: 'file:///state',
      PULUMI_HOME: '/home',
      DOCKER_HOST: 'unix:///run/docker.sock',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    });
  });

  it('has the certificates for the engine, where it wants some', () => {
    expect(environment()).not.toHaveProperty('DOCKER_TLS_VERIFY');
    vi.stubEnv('DOCKER_TLS_VERIFY', '1');
    vi.stubEnv('DOCKER_CERT_PATH', '/certificates');
    expect(environment()).toMatchObject({ DOCKER_CERT_PATH: '/certificates', DOCKER_TLS_VERIFY: '1' });
  });

  it("fetches no plugin behind one's back with the bench's CLI, and leaves that to the own one", () => {
    const variable = 'PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION';
    expect(environment('bench')[variable]).toBe('true');
    expect(environment('own')).not.toHaveProperty(variable);
  });
});
