import { hostname } from 'node:os';
import { ConcurrentUpdateError } from '@pulumi/pulumi/automation/index.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readDeployment } from '../../../runner/stack/deployment.ts';
import { forgetHalfMade, unlessLocked } from '../../../runner/stack/repair.ts';
import { FakePrograms } from '../../support/fake-program.ts';

afterEach(() => void vi.unstubAllEnvs());

/** Above the largest number that Linux gives. */
const NOBODY = 2 ** 22 + 1;
const HOST = 'unix:///engine.sock';

/** As the Automation API tells a lock of these processes. */
function locked(...holders: [pid: number, host: string][]): Error {
  const lines = holders.map(([pid, host]) => `  file:///x.json: created by me@${host} (pid ${pid}) at 2026`);
  const message = `stderr: error: the stack is currently locked by 1 lock(s).\n${lines.join('\n')}`;
  return Object.assign(Object.create(ConcurrentUpdateError.prototype), { message });
}

/** Containers and networks with the label of the stack. */
const DOCKER = `case "$1 $2" in
  "ps "*) printf 'c1\\nc2\\n' ;;
  "network ls") printf 'n1\\nn2\\n' ;;
esac`;

/** An operation that fails like this the first time. */
function failing(error: Error) {
  const done: string[] = [];
  const cancel = async () => void done.push('cancel');
  const operate = async () => {
    done.push('operate');
    if (done.length === 1) throw error;
  };
  const said: string[] = [];
  return { done, said, run: () => unlessLocked({ cancel }, operate, (line) => said.push(line)) };
}

describe('unlessLocked', () => {
  it('takes the lock of a process away that has ended, and runs the operation again', async () => {
    const { done, said, run } = failing(locked([NOBODY, hostname()]));
    await run();
    expect(said).toEqual([`Repairing: the stack is locked by process ${NOBODY}, which has ended`]);
    expect(done).toEqual(['operate', 'cancel', 'operate']);
  });

  it.each([
    ['a lock of a living process', locked([process.pid, hostname()])],
    ['a lock of a living process beside another', locked([NOBODY, hostname()], [process.pid, hostname()])],
    ['a lock of another machine', locked([NOBODY, `not-${hostname()}`])],
    ['a lock of which it says nothing', locked()],
    ['any other failure', new Error(`created by me@${hostname()} (pid ${NOBODY})`)],
  ])('leaves %s', async (_, error) => {
    const { done, run } = failing(error);
    await expect(run()).rejects.toBe(error);
    expect(done).toEqual(['operate']);
  });
});

describe('forgetHalfMade', () => {
  const incarnation = { urn: 'urn:x::incarnation', type: 'c', id: 'i', outputs: { stdout: 'ab12' } };
  const known = { urn: 'urn:x::nginx-server', type: 'docker:index/container:Container', id: 'c1' };
  const bridge = { urn: 'urn:x::network-bridge', type: 'c', id: 'i', outputs: { stdout: '\nn1' } };
  const creating = { type: 'creating', resource: { urn: 'urn:x::f5-server', type: 'docker' } };

  /** What is said and asked when the state has these pending operations. */
  async function repair(pending: object[], refresh = vi.fn(async () => ({}))) {
    await using fake = await FakePrograms.make({ docker: DOCKER });
    vi.stubEnv('PATH', fake.path);
    const said: string[] = [];
    const stack = {
      exportStack: async () => ({
        version: 3,
        deployment: { resources: [incarnation, bridge, known], pending_operations: pending },
      }),
      ...{ refresh, cancel: async () => {} },
    };
    const found = await readDeployment(stack as never);
    const repaired = forgetHalfMade(stack as never, found, HOST, (line) => said.push(line));
    const error = await repaired.then(
      () => undefined,
      (reason: Error) => reason,
    );
    return { said, refresh, error, calls: await fake.calls('docker') };
  }

  it('removes what the state does not know, and forgets it; the network of the others stays', async () => {
    const { said, refresh, calls } = await repair([creating]);
    expect(said).toEqual(['Repairing: an earlier "up" was killed while it made f5-server']);
    expect(refresh).toHaveBeenCalledExactlyOnceWith({ clearPendingCreates: true });
    expect(calls).toContain('ps --all --no-trunc --quiet --filter label=certctl-bench.incarnation=ab12');
    expect(calls.filter((call) => /^(network )?rm /.test(call))).toEqual([
      'rm --force --volumes c2',
      'network rm n2',
    ]);
  });

  it.each([
    ['is pending', []],
    ['but a removal is pending', [{ ...creating, type: 'deleting' }]],
  ])('does nothing where nothing %s', async (_, pending) => {
    const { said, refresh, calls } = await repair(pending);
    expect([said, calls]).toEqual([[], []]);
    expect(refresh).not.toHaveBeenCalled();
  });

  it('removes nothing where somebody is at work on the stack', async () => {
    const error = locked([process.pid, hostname()]);
    const refused = await repair(
      [creating],
      vi.fn(async () => Promise.reject(error)),
    );
    expect(refused.error).toBe(error);
    expect(refused.calls).toEqual([]);
  });
});
