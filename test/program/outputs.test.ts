import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { benchOutputsSchema } from '../../infra/outputs.ts';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { imageId } from './fake-engine.ts';
import { configWith, DEBIAN, ROOT, run, STACKS, settled } from './stacks.ts';

// What is in the files is not the matter here, and bundling them takes longer than all the rest.
vi.mock(import('../../infra/bundle.ts'), () => ({
  readFixture: (path) => `text of ${path}`,
  bundleFixture: (path) => `bundle of ${path}`,
}));

describe('outputs', () => {
  it.each(STACKS)('keep the contract bench.v1: %s', async (_, config) => {
    const { bench, outputs } = await run(config);
    const parsed = benchOutputsSchema.parse({ bench, apiKey: await settled(outputs.apiKey) });
    expect(parsed.bench, 'nothing that the contract does not name').toEqual(bench);
    expect(Object.keys(outputs).sort()).toEqual(['apiKey', 'bench']);
    expect(Object.keys(bench.images).sort()).toEqual(
      ['certctl', 'postgres', 'tls-init', ...TARGET_NAMES].sort(),
    );
  });

  it('say where the services answer, which is where their containers are published', async () => {
    const { bench, resources } = await run(configWith(), { firstPort: 50_000 });
    for (const [name, endpoint] of Object.entries({ ...bench.targets, certctl: bench.certctl })) {
      const { url, host, port, servername } = endpoint;
      expect(url).toBe(`https://127.0.0.1:${port}`);
      expect(host).toBe('127.0.0.1');
      expect(port).toBeGreaterThanOrEqual(50_000);
      expect(servername).toBe(name === 'certctl' ? 'certctl' : `${name}.certctl-bench.test`);
    }
    const all = [bench.certctl, ...Object.values(bench.targets)].map(({ port }) => port);
    expect(new Set(all).size).toBe(1 + TARGET_NAMES.length);
    const gate = resources.get('nginx-ready')?.inputs.environment as { BENCH_GATE: string };
    expect(JSON.parse(gate.BENCH_GATE)).toMatchObject({
      name: 'nginx',
      listening: [`127.0.0.1:${bench.targets.nginx.port}`],
      answering: [bench.targets.nginx.health],
    });
  });

  it('say where the services are on the network of the stack', async () => {
    const { bench, resources } = await run(configWith());
    expect(bench.network).toBe('certctl-bench-00112233445566aa');
    for (const [name, { inside }] of Object.entries({ ...bench.targets, certctl: bench.certctl })) {
      expect(resources.get(`${name}-server`)?.inputs, name).toMatchObject({
        networksAdvanced: [{ name: bench.network, aliases: [inside.host] }],
        ports: expect.arrayContaining([expect.objectContaining({ internal: inside.port })]),
      });
    }
  });

  it('say what certctl and PostgreSQL said of themselves at the gate', async () => {
    const { bench } = await run(configWith());
    expect(bench.subject).toEqual({ kind: 'stand-in', version: '2.1.7' });
    expect(bench.postgres).toEqual({ version: '16.4', health: 'ready' });
    expect(bench.incarnation).toBe('00112233445566aa');
  });

  it('name the images and where they are from', async () => {
    const { bench } = await run(configWith({ subject: 'image', ...DEBIAN }));
    const debian = { id: imageId('debian'), name: 'Debian 12 packages', source: 'debian' };
    const name = 'registry.test/certctl-server:v2.1.7';
    expect(bench.images).toMatchObject({ nginx: debian, postgres: debian, 'tls-init': debian });
    const digest = `sha256:${'d1'.repeat(32)}`;
    expect(bench.images.certctl).toEqual({
      id: imageId(name),
      name,
      source: 'registry',
      digest,
      pinned: false,
    });
  });

  it('hold what was published, once something was', async () => {
    const result = { run: '20260101-000000-abcdef', verdict: 'PASSED' };
    const { outputs, bench } = await run(configWith({ result }));
    expect(await settled(outputs.result)).toEqual(result);
    // Publishing is no change of the stack.
    expect(bench.topologyHash).toBe((await run(configWith())).bench.topologyHash);
  });

  it('write an IPv6 address as URLs want it', async () => {
    const { bench, resources } = await run(configWith({ bindAddress: '::1' }));
    const { port } = bench.targets.nginx;
    expect(bench.targets.nginx).toMatchObject({ url: `https://[::1]:${port}`, host: '::1' });
    expect(bench.certctl.url).toBe(`https://[::1]:${bench.certctl.port}`);
    const gate = resources.get('nginx-ready')?.inputs.environment as { BENCH_GATE: string };
    expect(JSON.parse(gate.BENCH_GATE).listening).toEqual([`[::1]:${port}`]);
  });
});

describe('an external certctl', () => {
  const EXTERNAL = { subject: 'external', subjectUrl: 'https://certctl.test', subjectToken: 'key' } as const;

  it('stands in the contract as it is, with only the targets around it', async () => {
    const { bench, resources } = await run(configWith(EXTERNAL));
    expect(benchOutputsSchema.parse({ bench, apiKey: 'key' }).bench).toEqual(bench);
    expect(bench.certctl).toEqual({
      url: 'https://certctl.test',
      host: 'certctl.test',
      port: 443,
      servername: 'certctl.test',
      inside: { host: 'certctl.test', port: 443 },
      health: 'https://certctl.test/ready',
      ca: '',
    });
    expect(bench).toMatchObject({ postgres: null, subject: { kind: 'external', version: '2.1.7' } });
    expect(Object.keys(bench.images).sort()).toEqual(['tls-init', ...TARGET_NAMES].sort());
    expect(
      [...resources.keys()].filter((key) => /^postgres|^certctl-(server|image|api-key)/.test(key)),
    ).toEqual([]);
  });

  it('is verified by its address where it has no name, and by the CA that is given', async () => {
    const subjectCaFile = join(ROOT, 'package.json');
    const { bench } = await run(configWith({ ...EXTERNAL, subjectUrl: 'https://[::1]:8443', subjectCaFile }));
    expect(bench.certctl).toMatchObject({ host: '::1', port: 8443, servername: '' });
    expect(bench.certctl.ca).toBe(readFileSync(subjectCaFile, 'utf8'));
  });

  it('is another topology than one at another address', async () => {
    const one = await run(configWith(EXTERNAL));
    const other = await run(configWith({ ...EXTERNAL, subjectUrl: 'https://other.test' }));
    expect(one.bench.topologyHash).not.toBe(other.bench.topologyHash);
  });
});

describe('a remote engine', () => {
  const dockerHost = 'ssh://bench@hardware.test';
  const settingsOf = (resource: { inputs: Record<string, unknown> } | undefined) => {
    const environment = resource?.inputs.environment as { BENCH_GATE: string } | undefined;
    return JSON.parse(environment?.BENCH_GATE ?? '');
  };

  it('behind SSH keeps its ports to itself, and the gates open a tunnel', async () => {
    const { bench, resources } = await run(configWith({ dockerHost }));
    expect(bench.targets.nginx.host).toBe('127.0.0.1');
    for (const name of ['nginx-ready', 'certctl-ready'])
      expect(settingsOf(resources.get(name)).tunnel, name).toBe(dockerHost);
    expect(resources.get('engine')?.inputs.sshOpts).toContain('BatchMode=yes');
  });

  it('is asked by TLS with the certificates, and what it publishes is at its own address', async () => {
    const tcp = {
      dockerHost: 'tcp://192.0.2.7:2376',
      dockerCertPath: '/certificates',
      bindAddress: '0.0.0.0',
    };
    const { bench, resources } = await run(configWith(tcp));
    expect(resources.get('engine')?.inputs).toMatchObject({
      host: tcp.dockerHost,
      certPath: '/certificates',
    });
    const { port } = bench.targets.nginx;
    expect(bench.targets.nginx).toMatchObject({ host: '192.0.2.7', url: `https://192.0.2.7:${port}` });
    expect(bench.certctl.url).toBe(`https://192.0.2.7:${bench.certctl.port}`);
    const gate = resources.get('nginx-ready');
    expect(settingsOf(gate)).toMatchObject({ tunnel: '', listening: [`192.0.2.7:${port}`] });
    expect(gate?.inputs.environment).toMatchObject({
      DOCKER_HOST: tcp.dockerHost,
      DOCKER_CERT_PATH: '/certificates',
      DOCKER_TLS_VERIFY: '1',
    });
    const names = resources.get('tls-init-once')?.inputs.envs as string[];
    expect(names.filter((text) => text.includes('192.0.2.7'))).toHaveLength(2);
  });

  it('is told to the provider and to every command that asks the engine', async () => {
    const binary = STACKS.find(([title]) => title.startsWith('binary'))?.[1];
    const { resources } = await run({ ...configWith(binary), dockerHost });
    expect(resources.get('engine')?.inputs.host).toBe(dockerHost);
    const asking = [...resources.values()].filter(({ inputs }) =>
      String(inputs.create).startsWith('exec node'),
    );
    expect(asking.map(({ name }) => name).sort()).toEqual(
      ['certctl', 'postgres', 'tls-init', ...TARGET_NAMES]
        .map((name) => `${name}-ready`)
        .concat('certctl-image')
        .sort(),
    );
    for (const { name, inputs } of asking)
      expect(inputs.environment, name).toMatchObject({ DOCKER_HOST: dockerHost });
  });

  it('is the default one where none is named', async () => {
    const { resources } = await run(configWith());
    expect(resources.get('engine')?.inputs).not.toHaveProperty('host');
    expect(resources.get('nginx-ready')?.inputs.environment).not.toHaveProperty('DOCKER_HOST');
  });
});

describe('topology hash', () => {
  const hashOf = async (...args: Parameters<typeof run>) => (await run(...args)).bench.topologyHash;

  it('differs between all subjects and image sources', async () => {
    const hashes: string[] = [];
    for (const [, config] of STACKS) hashes.push(await hashOf(config));
    expect(new Set(hashes).size).toBe(STACKS.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same for other ports, another incarnation and another bind address', async () => {
    const hash = await hashOf(configWith());
    expect(await hashOf(configWith(), { firstPort: 40_000 })).toBe(hash);
    expect(await hashOf(configWith(), { stdout: { incarnation: 'ffffffffffffffff' } })).toBe(hash);
    expect(await hashOf(configWith({ bindAddress: '10.0.0.1' }))).toBe(hash);
  });

  it('changes with the faults and with the binary', async () => {
    expect(await hashOf(configWith({ standInFaults: { delayMs: 1 } }))).not.toBe(await hashOf(configWith()));
    const binary = configWith(STACKS.find(([title]) => title.startsWith('binary'))?.[1]);
    const other = { stdout: { 'certctl-image': imageId('another binary') } };
    expect(await hashOf(binary, other)).not.toBe(await hashOf(binary));
  });
});
