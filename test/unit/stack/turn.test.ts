import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryRoot } from '../../../runner/stack/temporary.ts';
import { inTurn } from '../../../runner/stack/turn.ts';

const processors = vi.hoisted(() => ({ count: 2 }));
vi.mock(import('node:os'), async (original) => ({
  ...(await original()),
  availableParallelism: () => processors.count,
}));
vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

beforeEach(() => {
  rmSync(temporaryRoot, { recursive: true, force: true });
  processors.count = 2;
});

/** The ticket that a process took then. */
function ticket(pid: number, takenAt = Date.now() - 1000): string {
  const folder = join(temporaryRoot, `turn-${takenAt}-${pid}`);
  mkdirSync(join(folder, 'holders'), { recursive: true });
  writeFileSync(join(folder, 'holders', `${pid}.json`), JSON.stringify({ pid, hostname: hostname() }));
  return folder;
}

function attempt(interrupt = new AbortController().signal) {
  const lines: string[] = [];
  const work = vi.fn(async () => 'up');
  return { lines, work, done: inTurn(work, { interrupt, say: (line) => lines.push(line) }) };
}

const aLittle = () => sleep(250);

describe('inTurn', () => {
  it('works at once where nobody came before, says nothing and leaves nothing', async () => {
    const { done, lines } = attempt();
    expect(await done).toBe('up');
    expect(lines).toEqual([]);
    expect(readdirSync(temporaryRoot)).toEqual([]);
  });

  it('waits for who came before, which it says once, and not for who came later', async () => {
    const before = ticket(process.ppid);
    ticket(process.ppid, Date.now() + 60_000);
    const { done, work, lines } = attempt();
    await aLittle();
    expect(work).not.toHaveBeenCalled();
    expect(lines).toEqual(['  waiting until other stacks of this checkout are up (1 came before)']);
    rmSync(before, { recursive: true });
    expect(await done).toBe('up');
  });

  it('does not wait for one that is killed meanwhile', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    ticket(Number(other.pid));
    const { done, work } = attempt();
    await aLittle();
    expect(work).not.toHaveBeenCalled();
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(await done).toBe('up');
  });

  it('lets one work for each two processors', async () => {
    ticket(process.ppid, Date.now() - 1000);
    processors.count = 5;
    expect(await attempt().done).toBe('up');
    ticket(process.ppid, Date.now() - 2000);
    const stopped = new AbortController();
    const third = attempt(stopped.signal);
    await aLittle();
    expect(third.work).not.toHaveBeenCalled();
    stopped.abort();
    await expect(third.done).rejects.toThrow();
  });

  it('ends with an interrupt, and takes its ticket along', async () => {
    const before = ticket(process.ppid);
    const stopped = new AbortController();
    const { done, work } = attempt(stopped.signal);
    await aLittle();
    stopped.abort();
    await expect(done).rejects.toThrow();
    expect(work).not.toHaveBeenCalled();
    rmSync(before, { recursive: true });
    expect(readdirSync(temporaryRoot)).toEqual([]);
  });

  it('leaves no ticket where the work fails', async () => {
    const options = { interrupt: new AbortController().signal, say: () => {} };
    await expect(inTurn(() => Promise.reject(new Error('no')), options)).rejects.toThrow('no');
    expect(readdirSync(temporaryRoot)).toEqual([]);
  });
});
