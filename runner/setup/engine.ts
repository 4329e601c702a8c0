/**
 * The Docker engine: the one that answers, else a private one of the bench.
 * The private engine has its socket, pid file and data below `.bench/` and touches no other engine.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { engineMachine } from '../../infra/engine/address.ts';
import { sshDestination, sshOptions } from '../../infra/engine/ssh.ts';
import { EnvironmentError } from '../errors.ts';
import { benchDir, runDir } from '../paths.ts';
import { engineProblem } from './engine-problem.ts';
import { removeRunDirectory } from './run-directory.ts';

export interface Engine {
  /** What DOCKER_HOST must be to reach it. */
  host: string;
  kind: 'found' | 'private';
  version: string;
}

const PATIENCE_MS = 5000;
/** Above ssh's own ConnectTimeout, which says more. */
const SSH_PATIENCE_MS = 15_000;
const START_DEADLINE_MS = 30_000;
const SETTLE_DEADLINE_MS = 10_000;
const REMOVAL_MS = 500;
const STOP_DEADLINE_MS = 20_000;

const privateSocket = () => `unix://${join(runDir(), 'docker.sock')}`;
/** True where the address is that of this clone's private engine. */
export const isPrivate = (host: string) => host === privateSocket();

const pidFile = () => join(runDir(), 'docker.pid');
const logFile = () => join(runDir(), 'dockerd.log');

/** Version of the engine behind `host` (undefined: the docker CLI's own choice), or why none answers. */
async function askVersion(host: string | undefined): Promise<{ version?: string; said: string }> {
  const question = ['version', '--format', '{{.Server.Version}}'];
  // By ssh itself: docker's would ask for passwords, and wraps what ssh says into more words.
  const [file, ...args] = host?.startsWith('ssh://')
    ? ['ssh', ...sshOptions, ...sshDestination(host), ['docker', ...question].join(' ')]
    : ['docker', ...question];
  const { failed, timedOut, stdout, stderr } = await execa(file, args, {
    reject: false,
    stdin: 'ignore',
    timeout: host?.startsWith('ssh://') ? SSH_PATIENCE_MS : PATIENCE_MS,
    env: host === undefined ? {} : { DOCKER_HOST: host },
  });
  const version = failed ? '' : stdout.trim();
  return { ...(version && { version }), said: timedOut ? 'timed out' : (stderr ?? '') };
}

async function serverVersion(host: string | undefined): Promise<string | undefined> {
  return (await askVersion(host)).version;
}

/** Sockets of this machine behind which an engine may be. */
export const localEngines = () => [privateSocket(), 'unix:///var/run/docker.sock'];

/** The address that the docker CLI itself would use: DOCKER_HOST, else the current context's. */
export async function defaultHost(): Promise<string> {
  if (process.env.DOCKER_HOST) return process.env.DOCKER_HOST;
  const result = await execa('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], {
    reject: false,
  });
  return result.stdout?.trim() || 'unix:///var/run/docker.sock';
}

/**
 * The engine that answers now: the person's own first, else the private one if it runs.
 * @throws EnvironmentError where DOCKER_HOST names an engine that does not answer.
 */
export async function findEngine(): Promise<Engine | undefined> {
  const named = process.env.DOCKER_HOST;
  const { version, said } = await askVersion(named);
  if (version !== undefined) {
    const host = await defaultHost();
    return { host, kind: host === privateSocket() ? 'private' : 'found', version };
  }
  if (named && named !== privateSocket()) {
    const problem = engineMachine(named) && engineProblem(said);
    throw new EnvironmentError(
      problem
        ? `the Docker engine at ${named} (DOCKER_HOST or --docker-host) cannot be used: ${problem}`
        : `no Docker engine answers at DOCKER_HOST=${named}; start it or unset DOCKER_HOST`,
      { cause: said },
    );
  }
  return answering();
}

/** The private engine where it answers now. */
async function answering(): Promise<Engine | undefined> {
  const version = existsSync(join(runDir(), 'docker.sock'))
    ? await serverVersion(privateSocket())
    : undefined;
  return version === undefined ? undefined : { host: privateSocket(), kind: 'private', version };
}

/**
 * An address pool for the private engine's networks that no interface of this machine uses now:
 * two engines, or an engine and a VPN, must not route the same addresses.
 */
export function freeAddressPool(taken: string[]): string {
  for (let second = 201; second <= 254; second++) {
    if (!taken.some((address) => address.startsWith(`10.${second}.`))) return `10.${second}.0.0/16`;
  }
  throw new EnvironmentError('no free address pool 10.201-254.0.0/16 for the private Docker engine');
}

/** True where `pid` is a dockerd: a pid file may outlive its process and its number be used again. */
function isDockerd(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`).includes('dockerd');
  } catch {
    return false;
  }
}

function privatePid(): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(), 'utf8'));
    return isDockerd(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The one that another command is starting, once it answers. One that is ending, also where the command that ended it
 * was killed, is waited for: two cannot have the same data. What it leaves is not removed, because by then another
 * command that waited may have started its own there.
 */
async function settled(): Promise<Engine | undefined> {
  const pid = privatePid();
  if (pid === undefined) return undefined;
  const end = Date.now() + SETTLE_DEADLINE_MS;
  while (isDockerd(pid)) {
    const engine = await answering();
    if (engine !== undefined) return engine;
    if (Date.now() > end) {
      throw new EnvironmentError(
        `the private Docker engine (pid ${pid}) neither answers nor ends; kill ${pid}`,
      );
    }
    await sleep(100);
  }
  // Whoever ended it, and lives, removes the directory first.
  await sleep(REMOVAL_MS);
  return undefined;
}

/**
 * Starts the private engine and waits until it answers.
 * @throws EnvironmentError with the last line of its log if it exits or does not answer within 30 s.
 */
export async function startPrivateEngine(): Promise<Engine> {
  const other = await settled();
  if (other !== undefined) return other;
  const run = runDir();
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const taken = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map((entry) => entry.address),
  );
  const log = openSync(logFile(), 'w');
  const daemon = spawn(
    'dockerd',
    [
      ...['--host', privateSocket(), '--pidfile', pidFile()],
      ...['--data-root', join(benchDir, 'docker'), '--exec-root', join(run, 'exec')],
      // Stacks have networks of their own; without docker0 two engines share nothing.
      ...['--bridge', 'none', '--default-address-pool', `base=${freeAddressPool(taken)},size=24`],
      // docker-proxy would copy every byte of the load in user space.
      '--userland-proxy=false',
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const exited = new Promise<string>((resolve) => {
    daemon.once('error', (error) => resolve(error.message));
    daemon.once('exit', () => resolve(lastLogLine()));
  });
  daemon.unref();
  const engine = await Promise.race([waitForAnswer(), exited.then((line) => new Error(line))]);
  // From here on its end is nobody's failure: whoever stops it also removes its log.
  daemon.removeAllListeners('exit');
  if (engine !== undefined && !(engine instanceof Error)) return engine;
  throw new EnvironmentError(
    `the private Docker engine did not start: ${engine?.message ?? 'no answer within 30 s'} (log: ${logFile()})`,
  );
}

async function waitForAnswer(): Promise<Engine | undefined> {
  const end = Date.now() + START_DEADLINE_MS;
  while (Date.now() < end) {
    const engine = await answering();
    if (engine !== undefined) return engine;
    await sleep(100);
  }
  return undefined;
}

function lastLogLine(): string {
  return readFileSync(logFile(), 'utf8').trim().split('\n').at(-1) ?? 'it exited without a word';
}

/**
 * Stops the private engine and removes its run directory; its images stay for the next start.
 * @returns false where none was running.
 * @throws EnvironmentError if it does not end within 20 s.
 */
export async function stopPrivateEngine(): Promise<boolean> {
  const pid = privatePid();
  if (pid === undefined) return false;
  process.kill(pid, 'SIGTERM');
  const end = Date.now() + STOP_DEADLINE_MS;
  while (isDockerd(pid)) {
    if (Date.now() > end)
      throw new EnvironmentError(`the private Docker engine (pid ${pid}) does not end; kill ${pid}`);
    await sleep(50);
  }
  await removeRunDirectory(runDir());
  return true;
}
