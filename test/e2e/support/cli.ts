/** The command line as CI runs it: a child process without a terminal. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { projectRoot } from '../../../runner/paths.ts';
import { processesWith } from './processes.ts';

/** Beyond every run of these tests; on SIGTERM the bench still takes its stack down. */
const TIMEOUT_MS = 200_000;
const MARK = 'BENCH_E2E_RUN';

export interface Ended {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Command lines of what the command started and left running. */
  survivors: string[];
  /** What it left in the temporary directory. */
  temporary: string[];
}

/** Of an `Ended`: no process and no temporary file is left. */
export const CLEAN = { survivors: [], temporary: [] };

export interface Running {
  /** Settles once the progress on stderr matches; rejects where the command ended without. */
  said: (pattern: RegExp) => Promise<void>;
  /** As `kill PID` does, or as Ctrl-C in a terminal, which reaches the children too. */
  signal: (name: 'SIGINT' | 'SIGTERM', to: 'process' | 'group') => void;
  /** SIGKILL to its process group and to all that it has started and that has left the group. */
  killAll: () => void;
  /** What it has said until now. */
  sofar: () => Pick<Ended, 'stderr'>;
  ended: Promise<Ended>;
}

/** This environment without what the test runner put into it; colours would stand in the way of patterns. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|FORCE_COLOR$|NODE_ENV$|NODE_OPTIONS$|TEST$)/.test(name),
  );
  return { ...Object.fromEntries(ours), NO_COLOR: '1' };
}

/** Starts `bench ...args`, with `more` in its environment. */
export function startBench(args: string[], more: NodeJS.ProcessEnv = {}): Running {
  const mark = `${MARK}=${randomBytes(8).toString('hex')}`;
  const [name = '', value = ''] = mark.split('=');
  const temporary = mkdtempSync(join(tmpdir(), 'certctl-bench-e2e-'));
  const child = execa(process.execPath, ['runner/bench.mjs', ...args], {
    cwd: projectRoot,
    env: { ...plainEnvironment(), ...more, TMPDIR: temporary, [name]: value },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: TIMEOUT_MS,
    forceKillAfterDelay: 60_000,
    // A process group of its own, as a shell gives to a command.
    detached: true,
  });
  let heard = '';
  child.stderr.on('data', (chunk: Buffer) => {
    heard += chunk;
  });
  const ended = child.then(async ({ exitCode, stdout, stderr }) => {
    const left = { survivors: await survivors(mark), temporary: readdirSync(temporary) };
    rmSync(temporary, { recursive: true });
    return { exitCode, stdout, stderr, ...left };
  });
  return {
    said: async (pattern) => {
      let isOver = false;
      const over = ended.then(() => {
        isOver = true;
      });
      while (!pattern.test(heard)) {
        if (isOver) throw new Error(`it ended without saying ${pattern}:\n${heard}`);
        await Promise.race([sleep(50), over]);
      }
    },
    sofar: () => ({ stderr: heard }),
    signal: (which, to) => {
      const pid = child.pid ?? 0;
      process.kill(to === 'group' ? -pid : pid, which);
    },
    killAll: () => {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      for (const line of processesWith(mark)) kill(Number.parseInt(line, 10));
    },
    ended,
  };
}

/** It may have ended by itself. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}

export const bench = (...args: string[]): Promise<Ended> => startBench(args).ended;

/** What still runs a moment after the end: a process that is just ending is none. */
async function survivors(mark: string): Promise<string[]> {
  const until = Date.now() + 2000;
  for (;;) {
    const left = processesWith(mark);
    if (left.length === 0 || Date.now() > until) return left;
    await sleep(50);
  }
}

/** Name of the stack that a `loadtest` made, of its progress. */
export function stackOf({ stderr }: Pick<Ended, 'stderr'>): string {
  const name = /^Stack (loadtest-[0-9a-f]+)$/m.exec(stderr)?.[1];
  if (name === undefined) throw new Error(`no stack was made:\n${stderr}`);
  return name;
}
