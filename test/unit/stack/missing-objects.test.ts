import type { Deployment } from '@pulumi/pulumi/automation/index.js';
import { describe, expect, it } from 'vitest';
import { unlessObjectsAreMissing } from '../../../runner/stack/missing-objects.ts';
import { FakePrograms } from '../../support/fake-program.ts';

const volume = (id: string) => ({ urn: `urn:x::${id}`, type: 'docker:index/volume:Volume', id });
const nginx = {
  urn: 'urn:x::nginx',
  type: 'docker:index/container:Container',
  id: 'c1',
  dependencies: ['urn:x::lost', 'urn:x::kept'],
  propertyDependencies: { volumes: ['urn:x::lost', 'urn:x::kept'], image: null },
};

const DOCKER = `case "$*" in
  "volume ls --quiet") echo kept ;;
  "network ls --quiet --no-trunc") echo net ;;
  "ps --all --quiet --no-trunc") echo c1 ;;
esac`;

/** What becomes of an operation that fails like this the first time, in an engine that has "kept" and "net". */
async function repair(error: Error, resources: object[]) {
  await using fake = await FakePrograms.make({ docker: DOCKER });
  const done: string[] = [];
  const said: string[] = [];
  let state: object[] = resources;
  const stack = {
    exportStack: async () => ({ version: 3, deployment: { resources } }),
    importStack: async ({ deployment }: Deployment) => {
      done.push('import');
      state = deployment.resources;
    },
    workspace: { envVars: { PATH: fake.path } },
  } as unknown as Parameters<typeof unlessObjectsAreMissing>[0];
  const operate = async () => {
    done.push('operate');
    if (done.length === 1) throw error;
  };
  const failure = await unlessObjectsAreMissing(stack, operate, (line) => said.push(line)).catch(
    (reason: unknown) => reason,
  );
  return { done, said, state, failure };
}

const bridge = (stdout: string) => ({
  urn: 'urn:x::network-bridge',
  type: 'command:local:Command',
  id: 'hex',
  outputs: { stdout },
});

const MISSING = new Error('refreshing urn:x::lost: Unable to inspect volume: Error: No such volume: lost');

describe('unlessObjectsAreMissing', () => {
  it('forgets the ones that the engine does not have, and that others depend on them, and goes on', async () => {
    const { done, said, state, failure } = await repair(MISSING, [volume('lost'), volume('kept'), nginx]);
    expect(failure).toBeUndefined();
    expect(said).toEqual(['Repairing: the engine does not have lost any more']);
    expect(done).toEqual(['operate', 'import', 'operate']);
    expect(state).toEqual([
      volume('kept'),
      {
        ...nginx,
        dependencies: ['urn:x::kept'],
        propertyDependencies: { volumes: ['urn:x::kept'], image: [] },
      },
    ]);
  });

  it('forgets the network, which its command said the id of', async () => {
    const error = new Error('Error response from daemon: network certctl-bench-1 not found');
    const { done, state } = await repair(error, [bridge('lost'), volume('kept')]);
    expect(done).toEqual(['operate', 'import', 'operate']);
    expect(state).toEqual([volume('kept')]);
    expect((await repair(error, [bridge('net'), volume('kept')])).failure).toBe(error);
  });

  it('forgets a container that was to be deleted, and keeps the one that has taken its place', async () => {
    const replaced = {
      ...nginx,
      id: 'c0',
      delete: true,
      dependencies: ['urn:x::kept'],
      propertyDependencies: {},
    };
    const agent = { ...nginx, urn: 'urn:x::agent', dependencies: ['urn:x::nginx'], propertyDependencies: {} };
    const error = new Error('Error stopping container c0: Error response from daemon: No such container: c0');
    const { done, said, state } = await repair(error, [volume('kept'), nginx, agent, replaced]);
    expect(said).toEqual(['Repairing: the engine does not have nginx any more']);
    expect(done).toEqual(['operate', 'import', 'operate']);
    expect(state).toEqual([volume('kept'), nginx, agent]);
  });

  it('leaves the state where all are there: another volume is meant', async () => {
    const { done, failure } = await repair(MISSING, [volume('kept'), nginx]);
    expect(failure).toBe(MISSING);
    expect(done).toEqual(['operate']);
  });

  it('leaves every other failure', async () => {
    const error = new Error('no such network');
    const { done, failure } = await repair(error, [volume('lost')]);
    expect(failure).toBe(error);
    expect(done).toEqual(['operate']);
  });
});
