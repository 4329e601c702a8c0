import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { run, STACKS, settled, start } from './stacks.ts';

// What is in the files is not the matter here, and bundling them takes longer than all the rest.
vi.mock(import('../../infra/bundle.ts'), () => ({
  readFixture: (path) => `text of ${path}`,
  bundleFixture: (path) => `bundle of ${path}`,
}));

const REACHED = ['certctl', ...TARGET_NAMES];
const SERVERS = REACHED.map((name) => `${name}-server`);
const GATES = REACHED.map((name) => `${name}-ready`);

/** What must wait for what: as long as the first is not there, none of the others is asked for. */
const BEFORE: [first: string, later: string[]][] = [
  ['incarnation', ['network-bridge', 'postgres-data', 'postgres-server', 'tls-init-once', ...SERVERS]],
  ['network-bridge', ['postgres-server', 'postgres-ready', ...SERVERS, ...GATES]],
  [
    'postgres-password',
    ['postgres-data', 'postgres-server', 'postgres-ready', 'certctl-server', 'certctl-ready'],
  ],
  [
    'certctl-encryption-key',
    ['postgres-data', 'postgres-server', 'postgres-ready', 'certctl-server', 'certctl-ready'],
  ],
  ['postgres-server', ['postgres-ready', 'certctl-server', 'certctl-ready']],
  ['postgres-ready', ['certctl-server', 'certctl-ready']],
  ['tls-init-once', ['tls-init-ready', ...SERVERS, ...GATES]],
  ['tls-init-ready', [...SERVERS, ...GATES]],
  ['certctl-server', ['certctl-ready']],
  ['certctl-ready', []],
  ...TARGET_NAMES.map((name): [string, string[]] => [`${name}-ready`, []]),
];

const [, standIn] = STACKS[0] ?? [];
if (standIn === undefined) throw new Error('there are no stacks to test');

describe('order', async () => {
  const complete = [...(await run(standIn)).resources.keys()];

  it.each(BEFORE)('nothing that needs %s is made before it, and no outputs', async (first, later) => {
    expect(complete).toEqual(expect.arrayContaining([first, ...later]));

    const held = Promise.withResolvers<void>();
    const { resources, outputs } = await start(standIn, { before: { [first]: held.promise } });
    const bench = settled(outputs.bench);
    const done = vi.fn();
    bench.then(done);
    // All else goes on, side by side.
    const others = complete.filter((key) => !later.includes(key));
    if (first !== 'incarnation') {
      await vi.waitFor(() => expect([...resources.keys()]).toEqual(expect.arrayContaining(others)));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(later.filter((key) => resources.has(key))).toEqual([]);
    expect(done).not.toHaveBeenCalled();

    held.resolve();
    await bench;
    expect([...resources.keys()].sort()).toEqual(complete.toSorted());
  });

  it.each(STACKS)('the engine is told the same: %s', async (_, config) => {
    const { resources } = await run(config);
    const waitsFor = (key: string) => resources.get(key)?.dependencies;
    expect(waitsFor('certctl-server')).toEqual(
      expect.arrayContaining(['network-bridge', 'postgres-ready', 'tls-init-ready']),
    );
    for (const target of TARGET_NAMES)
      expect(waitsFor(`${target}-server`)).toEqual(
        expect.arrayContaining(['network-bridge', 'tls-init-ready']),
      );
    for (const server of [...SERVERS, 'postgres-server']) {
      const gate = resources.get(server.replace('server', 'ready'));
      expect(gate?.dependencies).toContain(server);
      expect(gate?.inputs.triggers, 'a new container is gated anew').toHaveLength(1);
    }
  });

  it('what failed to start is replaced by the next up, not taken as it is', async () => {
    const { resources } = await run(standIn);
    for (const server of [...SERVERS, 'postgres-server', 'tls-init-once']) {
      expect(resources.get(server)).toMatchObject({ deleteBeforeReplace: true });
      expect(resources.get(server)?.replaceOnChanges).toContain('#initerror');
    }
  });
});

describe('a container that has died', () => {
  it('is replaced by the next up, and so gated anew, not started again as it is', async () => {
    const { resources } = await run(standIn);
    for (const server of [...SERVERS, 'postgres-server']) {
      expect(resources.get(server)?.inputs.mustRun).toBe(true);
      expect(resources.get(server)?.replaceOnChanges).toContain('mustRun');
    }
  });
});

describe('a gate that fails', () => {
  // Pulumi ends the process for an output that nobody waits for; here that is part of the matter.
  let listeners: NodeJS.UnhandledRejectionListener[];
  beforeEach(() => {
    listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', () => {});
  });
  afterEach(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });

  it.each([
    ['postgres-ready', ['certctl-server', 'certctl-ready']],
    ['tls-init-ready', [...SERVERS, ...GATES]],
    ['certctl-ready', []],
    ['f5-ready', []],
  ])('%s fails the outputs, and nothing is built on it', async (gate, later) => {
    const failure = Promise.reject(new Error('its last log line'));
    const { resources, outputs } = await start(standIn, { before: { [gate]: failure } });
    await expect(settled(outputs.bench)).rejects.toThrow('its last log line');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(later.filter((key) => resources.has(key))).toEqual([]);
  });

  it.each(REACHED)(
    '%s that has exited at once, its ports gone with it, is left to its gate',
    async (service) => {
      const failure = Promise.reject(new Error('its last log line'));
      const { resources, outputs } = await start(standIn, {
        exited: [`${service}-server`],
        before: { [`${service}-ready`]: failure },
      });
      await expect(settled(outputs.bench)).rejects.toThrow('its last log line');
      expect(resources.get(`${service}-ready`)?.dependencies).toContain(`${service}-server`);
    },
  );
});
