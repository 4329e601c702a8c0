import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { registriesOf } from '../../infra/images.ts';
import type { ImageLock } from '../../infra/registry/lock.ts';
import { OFFICIAL_IMAGES } from '../../infra/registry/official.ts';
import { configWith, ofType, type Run, run } from './stacks.ts';

// What is in the files is not the matter here, and bundling them takes longer than all the rest.
vi.mock(import('../../infra/bundle.ts'), () => ({
  readFixture: (path) => `text of ${path}`,
  bundleFixture: (path) => `bundle of ${path}`,
}));
const lock = vi.hoisted(() => ({ entries: {} as ImageLock }));
vi.mock(import('../../infra/registry/lock.ts'), async (original) => ({
  ...(await original()),
  readLock: () => lock.entries,
}));

const digest = `sha256:${'ab'.repeat(32)}`;
const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
afterEach(() => {
  lock.entries = {};
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(folder, { recursive: true }));
const pulled = (stack: Run) => ofType(stack, 'RemoteImage').map(({ inputs }) => inputs.name);

describe('a registry', () => {
  it('is Docker Hub, by tag, where nothing is said, and the digest that came is told', async () => {
    const stack = await run(configWith());
    expect(pulled(stack)).toContain('nginx:1.27-alpine');
    expect(stack.bench.images.nginx).toMatchObject({ digest: `sha256:${'d1'.repeat(32)}`, pinned: false });
  });

  it('gives what is pinned by digest, and that is no other topology', async () => {
    const before = await run(configWith());
    lock.entries = { 'nginx:1.27-alpine': { digest, pinned: '2026-11-25' } };
    const stack = await run(configWith());
    expect(pulled(stack)).toContain(`nginx:1.27-alpine@${digest}`);
    expect(stack.bench.images.nginx).toMatchObject({ name: 'nginx:1.27-alpine', digest, pinned: true });
    expect(stack.bench.images.apache).toMatchObject({ pinned: false });
    expect(before.bench.images.nginx?.name).toBe('nginx:1.27-alpine');
  });

  it('may be a mirror of the official images; the subject is pulled by its own name', async () => {
    const stack = await run(configWith({ subject: 'image', imageRegistry: 'mirror.test/hub' }));
    const mirrored = OFFICIAL_IMAGES.map((tag) => `mirror.test/hub/${tag}`);
    expect(mirrored).toContain('mirror.test/hub/httpd:2.4-alpine');
    expect(pulled(stack).sort()).toEqual([...mirrored, 'registry.test/certctl-server:v2.1.7'].sort());
  });

  it('may hold the Debian image under their names', async () => {
    const stack = await run(configWith({ imageRegistry: 'mirror.test', imageLayout: 'debian' }));
    const argv = stack.resources.get('apache-server')?.inputs.command as string[];
    expect(argv).toContain('/usr/sbin/apache2');
    expect(pulled(stack)).toContain('mirror.test/httpd:2.4-alpine');
  });
});

describe('credentials', () => {
  const config = configWith({ subject: 'image', imageRegistry: 'mirror.test:5000/hub' });
  const auth = async () => (await run(config)).resources.get('engine')?.inputs.registryAuth;

  it('are read by the provider from the Docker config, for the registries of this stack', async () => {
    vi.stubEnv('DOCKER_CONFIG', folder);
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ auths: { 'mirror.test:5000': { auth: 'eDp5' }, 'elsewhere.test': {} } }),
    );
    // The provider takes its config as text.
    expect(JSON.parse(String(await auth()))).toEqual([
      { address: 'mirror.test:5000', configFile: join(folder, 'config.json') },
    ]);
  });

  it('are wanted for the registry of the agent too', () => {
    const agents = {
      agent: 'real',
      agentPollMs: 30_000,
      agentImage: 'agents.test/certctl-agent:v2',
    } as const;
    expect(registriesOf(configWith(agents))).toContain('agents.test');
    expect(registriesOf(configWith({ ...agents, agent: 'none' }))).not.toContain('agents.test');
  });

  it('are left out where there are none', async () => {
    vi.stubEnv('DOCKER_CONFIG', join(folder, 'none'));
    expect(await auth()).toBeUndefined();
  });
});
