import { describe, expect, it, vi } from 'vitest';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { imageId, type Resource } from './fake-engine.ts';
import { configWith, DEBIAN, ofType, ROOT, type Run, run, STACKS, stringsIn } from './stacks.ts';

// The true bundles, but each made once.
vi.mock(import('../../infra/bundle.ts'), async (original) => {
  const { bundleFixture, ...rest } = await original();
  const made = new Map<string, string>();
  const once = (path: string) => {
    const text = made.get(path) ?? bundleFixture(path);
    made.set(path, text);
    return text;
  };
  return { ...rest, bundleFixture: once };
});

const RUNS: [title: string, Run][] = [];
for (const [title, config] of STACKS) RUNS.push([title, await run(config)]);

const containers = (stack: Run) => ofType(stack, 'Container');
const longRunning = (stack: Run) => containers(stack).filter(({ inputs }) => inputs.mustRun !== false);

describe.each(RUNS)('%s', (title, stack) => {
  it('has a container for each service, and one that ends', () => {
    const names = containers(stack).map(({ name }) => name);
    const servers = ['certctl', 'postgres', ...TARGET_NAMES].map((name) => `${name}-server`);
    expect(names.toSorted()).toEqual([...servers, 'tls-init-once'].sort());
    expect(longRunning(stack).map(({ name }) => name)).not.toContain('tls-init-once');
  });

  it('refers to images by content address, never by tag', () => {
    for (const { name, inputs } of containers(stack))
      expect(inputs.image, name).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('pulls images with a fixed tag, and leaves them to other stacks', () => {
    for (const { inputs } of ofType(stack, 'RemoteImage')) {
      expect(inputs.name).toMatch(/^[a-z0-9./-]+:v?\d[\w.-]+$/);
      expect(inputs.keepLocally).toBe(true);
    }
  });

  it('publishes each port at the bind address, at a port that the engine chooses', () => {
    for (const { name, inputs } of containers(stack)) {
      const ports = (inputs.ports ?? []) as { internal: number; ip: string }[];
      for (const port of ports)
        expect(Object.keys(port).sort(), `${name}: no "external"`).toEqual(['internal', 'ip']);
      expect(ports.map(({ ip }) => ip)).toEqual(ports.map(() => '127.0.0.1'));
      // The engine gives them back in this order: another one would be a change at every `up`.
      const internal = ports.map((port) => port.internal);
      expect(internal).toEqual(internal.toSorted((a, b) => a - b));
    }
    const published = containers(stack).filter(({ inputs }) => (inputs.ports as unknown[])?.length > 0);
    expect(published.map(({ name }) => name).sort()).toEqual(
      ['certctl', ...TARGET_NAMES].map((name) => `${name}-server`).sort(),
    );
  });

  it('takes nothing from a path of this machine', () => {
    for (const { name, inputs } of containers(stack)) {
      expect(inputs, name).not.toHaveProperty('mounts');
      for (const { source, ...upload } of inputs.uploads as { file: string; source?: string }[]) {
        // A module comes from a file that is named by its content, where the program runs on any machine.
        if (source !== undefined) expect(source, name).toMatch(/^\.\..*\/modules\/[0-9a-f]{64}\.mjs$/);
        const keys = source === undefined ? ['content', 'file'] : ['file'];
        expect(Object.keys(upload).sort(), name).toEqual(keys);
      }
      for (const volume of (inputs.volumes ?? []) as object[])
        expect(Object.keys(volume), name).toContain('volumeName');
    }
    const named = [...stack.resources.values()].filter(({ inputs }) =>
      stringsIn(inputs).some((text) => text.includes(ROOT) || text.includes('hostPath')),
    );
    // The one that reads the person's own files, for which they are named in its environment.
    const isMadeHere = /^(binary|dockerfile)/.test(title);
    expect(named.map(({ name }) => name)).toEqual(isMadeHere ? ['certctl-image'] : []);
    for (const { inputs } of named)
      expect(stringsIn({ ...inputs, environment: '' }).join()).not.toContain(ROOT);
  });

  it('checks the health of every container that stays', () => {
    for (const { name, inputs } of longRunning(stack)) {
      const bringsItsOwn = name === 'certctl-server' && /^(image|dockerfile)/.test(title);
      if (bringsItsOwn) expect(inputs).not.toHaveProperty('healthcheck');
      else expect(inputs, name).toMatchObject({ healthcheck: { tests: expect.arrayContaining(['CMD']) } });
    }
  });

  it('does not let Docker wait or restart, nor keep logs in the state', () => {
    for (const { name, inputs } of containers(stack)) {
      expect(inputs, name).toMatchObject({ restart: 'no' });
      expect(inputs.wait ?? false, name).toBe(false);
      expect(inputs.logs ?? false, name).toBe(false);
    }
  });

  it('labels everything with stack and incarnation, containers with their service too', () => {
    const labelsOf = ({ inputs }: Resource) =>
      Object.fromEntries(
        (inputs.labels as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
      );
    const common = {
      'certctl-bench.stack': 'test',
      'certctl-bench.incarnation': '00112233445566aa',
    };
    for (const resource of ofType(stack, 'Volume')) expect(labelsOf(resource), resource.name).toEqual(common);
    const { create, environment } = stack.resources.get('network-bridge')?.inputs ?? {};
    expect(environment).toMatchObject(
      Object.fromEntries(Object.entries(common).map((pair, index) => [`LABEL_${index}`, pair.join('=')])),
    );
    expect(create).toContain('--label "$LABEL_0" --label "$LABEL_1" "$NETWORK"');
    for (const resource of containers(stack)) {
      const service = resource.name.replace(/-(server|once)$/, '');
      expect(labelsOf(resource)).toEqual({ ...common, 'certctl-bench.service': service });
    }
  });

  it('leaves names to the engine, so that two stacks run side by side', () => {
    const made = [...ofType(stack, 'Container'), ...ofType(stack, 'Volume')];
    expect(made.filter(({ inputs }) => 'name' in inputs)).toEqual([]);
  });

  it('lets services find each other by name on the one network', () => {
    for (const { name, inputs } of longRunning(stack))
      expect(inputs.networksAdvanced, name).toEqual([
        { name: 'certctl-bench-00112233445566aa', aliases: [name.replace('-server', '')] },
      ]);
    expect(stack.resources.get('tls-init-once')?.inputs.networkMode).toBe('none');
  });
});

describe('variants', () => {
  it('runs all services from the one Debian image, and pulls nothing', async () => {
    const stack = await run(configWith(DEBIAN));
    expect(new Set(containers(stack).map(({ inputs }) => inputs.image))).toEqual(
      new Set([imageId('debian')]),
    );
    expect(ofType(stack, 'RemoteImage')).toEqual([]);
  });

  it('runs the image that was made from the binary', async () => {
    const [, stack] = RUNS.find(([title]) => title.startsWith('binary')) ?? [];
    const server = stack?.resources.get('certctl-server');
    expect(server?.inputs.image).toBe(imageId('certctl server binary'));
    expect(server?.dependencies).toContain('certctl-image');
  });

  it('publishes at another bind address where told to', async () => {
    const stack = await run(configWith({ bindAddress: '10.1.2.3' }));
    const ips = containers(stack).flatMap(({ inputs }) => (inputs.ports ?? []) as { ip: string }[]);
    expect(new Set(ips.map(({ ip }) => ip))).toEqual(new Set(['10.1.2.3']));
    const names = stack.resources.get('tls-init-once')?.inputs.envs as string[];
    expect(names.filter((text) => text.includes('10.1.2.3'))).toHaveLength(2);
  });

  it('hands the faults to the stand-in', async () => {
    const stack = await run(configWith({ standInFaults: { delayMs: 250 } }));
    expect(stack.resources.get('certctl-server')?.inputs.envs).toContain('STAND_IN_FAULTS={"delayMs":250}');
  });
});

it('publishes the TLS port of a service at the port that config names, and the others at free ones', async () => {
  const stack = await run(configWith({ ports: { certctl: 8443, apache: 9443 } }));
  const fixed = containers(stack).flatMap(({ name, inputs }) =>
    ((inputs.ports ?? []) as { internal: number; external?: number }[])
      .filter(({ external }) => external !== undefined)
      .map(({ internal, external }) => [name, internal, external]),
  );
  expect(fixed.sort()).toEqual([
    ['apache-server', 8443, 9443],
    ['certctl-server', 8443, 8443],
  ]);
});
