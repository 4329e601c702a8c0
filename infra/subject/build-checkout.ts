/**
 * Builds a checkout by one of its own Dockerfiles, on the stack's engine, and prints the image's content address. What
 * Docker says goes to stderr as it comes; a build that fails ends with its last lines.
 * Settings: SUBJECT_CHECKOUT (path on this machine), SUBJECT_DOCKERFILE (its name there), SUBJECT_PROGRAM (what is built,
 * for people), SUBJECT_TAG (of the image; one that is there is not built).
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const {
  SUBJECT_CHECKOUT = '',
  SUBJECT_DOCKERFILE = '',
  SUBJECT_PROGRAM = '',
  SUBJECT_TAG = '',
} = process.env;
const LAST_LINES = 15;

const found = async () =>
  (await run('docker', ['image', 'ls', '--quiet', '--no-trunc', SUBJECT_TAG])).stdout.trim();

/** An engine without the usual bridge gives a build no network at all. */
async function network(): Promise<string[]> {
  const bridge = await run('docker', ['network', 'inspect', 'bridge']).catch(() => undefined);
  return bridge === undefined ? ['--network', 'host'] : [];
}

/** @returns the exit code, and the end of what was said */
async function build(): Promise<[code: number | null, words: string]> {
  // Also where a step fails, no container of it stays.
  const how = ['--force-rm', ...(await network()), '--tag', SUBJECT_TAG];
  const args = ['build', ...how, '--file', join(SUBJECT_CHECKOUT, SUBJECT_DOCKERFILE), SUBJECT_CHECKOUT];
  const docker = spawn('docker', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let lines: string[] = [];
  for (const stream of [docker.stdout, docker.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      lines = (lines.join('\n') + chunk).split('\n').slice(-LAST_LINES - 1);
    });
  }
  const [code] = (await once(docker, 'close')) as [number | null];
  return [code, lines.join('\n').trim()];
}

let id = await found();
if (id === '') {
  const [code, words] = await build();
  if (code !== 0) {
    console.error(
      `\n${SUBJECT_PROGRAM} could not be built (docker build: exit code ${code}). Its last log lines:\n${words}`,
    );
    process.exit(1);
  }
  id = await found();
}
console.log(id);
