/** The generator as a container on the stack's own network, on the stack's engine. */
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ExecaError, execa } from 'execa';
import { LABEL_INCARNATION, LABEL_SERVICE, LABEL_STACK } from '../../infra/labels.ts';
import type { BenchContract } from '../../infra/outputs.ts';
import type { Progress } from '../engine/contract.ts';
import { BenchError, EnvironmentError } from '../errors.ts';
import { temporaryFolder } from '../stack/temporary.ts';
import { bundleGenerator, MAIN } from './bundle.ts';
import type { FromGenerator, Generated, Job } from './job.ts';
import { parse, stringify } from './json.ts';

const FOLDER = 'opt/bench/generator';

/** Where the generator stands. */
export interface Place {
  bench: Pick<BenchContract, 'stack' | 'incarnation' | 'network' | 'images'>;
  dockerHost: string;
}

/**
 * Carries out the job in a container that is made for it and gone afterwards. The job, with the key in it, goes
 * through its input: no command line, label or environment shows it.
 * @throws EnvironmentError where the container cannot be run; what the generator itself failed with
 */
export async function generateInContainer(
  job: Job,
  { bench, dockerHost }: Place,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Generated> {
  const env = { DOCKER_HOST: dockerHost };
  const container = await create(bench, env);
  try {
    await upload(container, env);
    return await attach(container, job, env, onProgress, signal);
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const said =
      String(error.stderr ?? '')
        .trim()
        .split('\n')
        .at(-1) || error.shortMessage;
    throw new EnvironmentError(`the generator cannot run on the engine: ${said}`, { cause: error });
  } finally {
    await execa('docker', ['rm', '--force', container], { env, reject: false });
  }
}

async function create(bench: Place['bench'], env: Record<string, string>): Promise<string> {
  const labels = {
    [LABEL_STACK]: bench.stack,
    [LABEL_INCARNATION]: bench.incarnation,
    [LABEL_SERVICE]: 'generator',
  };
  const image = bench.images['tls-init']?.id;
  if (image === undefined)
    throw new EnvironmentError('the stack has no image with Node; run "bench up" again');
  try {
    const { stdout } = await execa(
      'docker',
      [
        // What it prints are results, for this command alone.
        ...['create', '--interactive', '--log-driver', 'none', '--network', bench.network],
        ...Object.entries(labels).flatMap(([label, value]) => ['--label', `${label}=${value}`]),
        ...['--entrypoint', 'node', image, `/${FOLDER}/${MAIN}`],
      ],
      { env },
    );
    return stdout.trim();
  } catch (cause) {
    const said = String((cause as ExecaError).stderr ?? cause)
      .trim()
      .split('\n')
      .at(-1);
    throw new EnvironmentError(
      `the generator's container cannot be made: ${said}; "bench up" brings the stack back`,
      { cause },
    );
  }
}

async function upload(container: string, env: Record<string, string>): Promise<void> {
  const stage = join(temporaryFolder(), 'files');
  try {
    mkdirSync(join(stage, FOLDER), { recursive: true, mode: 0o755 });
    for (const [name, text] of Object.entries(await bundleGenerator()))
      writeFileSync(join(stage, FOLDER, name), text, { mode: 0o644 });
    await execa('docker', ['cp', `${stage}/.`, `${container}:/`], { env });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

async function attach(
  container: string,
  job: Job,
  env: Record<string, string>,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Generated> {
  const docker = execa('docker', ['start', '--attach', '--interactive', container], {
    env,
    // Not in the terminal's group: Ctrl-C is told through the input, so that the results still come.
    detached: true,
    reject: false,
    buffer: { stdout: false },
  });
  const stop = () => docker.stdin.write('stop\n');
  docker.stdin.on('error', () => {});
  docker.stdin.write(`${stringify(job)}\n`);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  let last: FromGenerator | undefined;
  const lines = createInterface({ input: docker.stdout });
  lines.on('line', (line) => {
    const message = parse<FromGenerator>(line);
    if (message.type === 'progress') onProgress(message.progress);
    else last = message;
  });
  const [{ stderr, exitCode }] = await Promise.all([docker, once(lines, 'close')]);
  signal.removeEventListener('abort', stop);
  if (last?.type === 'done') return last.generated;
  if (last?.type === 'failed') throw new BenchError(last.exitCode, last.message);
  const said = stderr.trim().split('\n').at(-1) || `exit code ${exitCode}`;
  throw new EnvironmentError(`the generator's container ended without a result: ${said}`);
}
