import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment, Stack } from '@pulumi/pulumi/automation/index.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { down } from '../../../runner/stack/down.ts';
import { FakePrograms } from '../../support/fake-program.ts';

const HOST = 'unix:///engine.sock';
const calm = () => new AbortController().signal;

afterEach(() => void vi.unstubAllEnvs());

/** An engine that still holds, for every kind of object, what is said here. */
async function programs(left: { containers?: string; networks?: string; volumes?: string }) {
  const { containers = '', networks = '', volumes = '' } = left;
  const docker = `[ "$DOCKER_HOST" = "${HOST}" ] || exit 64
    case "$1 $2" in
      "ps --all") printf '${containers}' ;;
      "network ls") printf '${networks}' ;;
      "volume ls") printf '${volumes}' ;;
    esac`;
  const fake = await FakePrograms.make({ docker, pulumi: '' });
  vi.stubEnv('PATH', fake.path);
  return fake;
}

const say = () => {};

interface Behaviour {
  incarnation?: string;
  destroy?: () => Promise<void>;
}

function stackWith(fake: FakePrograms, { incarnation, destroy }: Behaviour = {}): Stack {
  const urn = 'urn:pulumi:dev::certctl-bench::command:local:Command::incarnation';
  const resources = incarnation === undefined ? [] : [{ urn, outputs: { stdout: incarnation } }];
  return {
    name: 'dev',
    exportStack: async () => ({ deployment: { resources } }),
    destroy: destroy ?? (async () => {}),
    workspace: {
      pulumiCommand: { command: join(fake.bin, 'pulumi'), version: null },
      envVars: { DOCKER_HOST: HOST },
      workDir: fake.bin,
    },
  } as unknown as Stack;
}

describe('down', () => {
  it('removes what an interrupted up left with its label, containers first, then the stack', async () => {
    await using fake = await programs({ containers: 'c1\\nc2\\n', networks: 'n1\\n', volumes: 'v1\\n' });
    await down(stackWith(fake, { incarnation: 'ab12' }), HOST, { say, interrupt: calm() });
    const filter = '--filter label=certctl-bench.incarnation=ab12';
    expect(await fake.calls('docker')).toEqual([
      `ps --all --no-trunc --quiet ${filter}`,
      'rm --force --volumes c1 c2',
      `network ls --no-trunc --quiet ${filter}`,
      'network rm n1',
      `volume ls --quiet ${filter}`,
      'volume rm v1',
    ]);
    expect(await fake.calls('pulumi')).toEqual([expect.stringMatching(/^stack rm --yes .*dev/)]);
  });

  it('removes nothing where nothing is left', async () => {
    await using fake = await programs({});
    await down(stackWith(fake, { incarnation: 'ab12' }), HOST, { say, interrupt: calm() });
    expect((await fake.calls('docker')).filter((line) => / rm |^rm /.test(line))).toEqual([]);
    expect(await fake.calls('pulumi')).toHaveLength(1);
  });

  it('never removes by a label that it does not know', async () => {
    await using fake = await programs({ containers: 'another stack' });
    await down(stackWith(fake), HOST, { say, interrupt: calm() });
    expect(await fake.calls('docker')).toEqual([]);
    expect(await fake.calls('pulumi')).toHaveLength(1);
  });

  describe('of a stack that was made on another engine than the one that answers now', () => {
    const OLD = 'unix:///old.sock';
    const urn = (name: string) => `urn:pulumi:dev::certctl-bench::x::${name}`;
    const resources = [
      { urn: urn('incarnation'), outputs: { stdout: 'ab12' } },
      { urn: urn('engine'), type: 'pulumi:providers:docker', inputs: { host: OLD } },
      { urn: urn('data'), type: 'docker:index/volume:Volume', id: 'v1' },
    ];
    const steps: string[] = [];
    const moved = (fake: FakePrograms) =>
      ({
        ...stackWith(fake, { destroy: async () => void steps.push('destroy') }),
        exportStack: async () => ({ version: 3, deployment: { resources: [...resources] } }),
        importStack: async () => void steps.push('import'),
      }) as unknown as Stack;

    it('changes nothing, and names both engines and what helps', async () => {
      await using fake = await programs({});
      const failed = down(moved(fake), HOST, { say, interrupt: calm() });
      await expect(failed).rejects.toThrow(EnvironmentError);
      await expect(failed).rejects.toThrow(
        /^stack "dev" is on the Docker engine at unix:\/\/\/old\.sock, and .* at unix:\/\/\/engine\.sock, .*set DOCKER_HOST=unix:\/\/\/old\.sock/,
      );
      expect([steps, await fake.calls('pulumi')]).toEqual([[], []]);
    });

    it('goes on where another address leads to the same engine', async () => {
      await using fake = await programs({ volumes: 'v1\\n' });
      await down(moved(fake), HOST, { say, interrupt: calm() });
      expect(steps).toEqual(['destroy']);
    });
  });

  it('keeps the stack when it could not be taken down, so that it can be tried again', async () => {
    await using fake = await programs({});
    const destroy = () => Promise.reject(new Error('stderr: error: the engine is gone'));
    const failed = down(stackWith(fake, { incarnation: 'ab12', destroy }), HOST, { say, interrupt: calm() });
    await expect(failed).rejects.toThrow(EnvironmentError);
    await expect(failed).rejects.toThrow('down failed: the engine is gone');
    expect(await fake.calls('pulumi')).toEqual([]);
  });

  it('leaves no volume to Pulumi, whose provider would wait before it removes it', async () => {
    await using fake = await programs({});
    const resources = [{ urn: 'urn:x::data', type: 'docker:index/volume:Volume', id: 'v1' }];
    const steps: unknown[] = [];
    const stack = {
      ...stackWith(fake, { destroy: async () => void steps.push('destroy') }),
      exportStack: async () => ({ version: 3, deployment: { resources: [...resources] } }),
      importStack: async ({ deployment }: Deployment) => void steps.push(deployment.resources),
    } as unknown as Stack;
    await down(stack, HOST, { say, interrupt: calm() });
    expect(steps).toEqual([[], 'destroy']);
  });

  it('ends an ephemeral stack with its run directory', async () => {
    await using fake = await programs({});
    const folder = join(fake.bin, 'run');
    mkdirSync(join(folder, 'state'), { recursive: true });
    const run = { name: 'e-1', folder, engine: HOST, created: '' };
    await down(stackWith(fake), HOST, { say, interrupt: calm(), run });
    expect(existsSync(folder)).toBe(false);
    expect(await fake.calls('pulumi')).toEqual([]);
  });
});
