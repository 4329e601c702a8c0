/** The Docker engine that the bench uses, asked past the bench. */
import { execa } from 'execa';
import { LABEL_SERVICE, LABEL_STACK } from '../../../infra/labels.ts';
import { projectRoot } from '../../../runner/paths.ts';
import type { Engine } from '../../../runner/setup/engine.ts';
import { plainEnvironment } from './cli.ts';

/** Starts the private engine where that is the one and it does not run: before the tests, not within them. */
export async function startEngine(): Promise<Engine> {
  const { stdout } = await execa(process.execPath, ['runner/bench.mjs', 'setup', '--json'], {
    cwd: projectRoot,
    env: plainEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
  });
  return JSON.parse(stdout).engine;
}

/** What `docker ...args` prints, both streams, line by line. */
export async function docker({ host }: Engine, ...args: string[]): Promise<string[]> {
  const { all } = await execa('docker', args, { env: { DOCKER_HOST: host }, all: true });
  return all.split('\n').filter((line) => line !== '');
}

export async function answers({ host }: Engine): Promise<boolean> {
  const { failed } = await execa('docker', ['version'], { env: { DOCKER_HOST: host }, reject: false });
  return !failed;
}

/** Ids of the stack's containers, by service; those that have ended too. */
export async function containersOf(engine: Engine, stack: string): Promise<Record<string, string>> {
  const format = `{{.Label "${LABEL_SERVICE}"}}\t{{.ID}}`;
  const lines = await docker(
    engine,
    ...['ps', '--all', '--no-trunc', '--filter', `label=${LABEL_STACK}=${stack}`, '--format', format],
  );
  return Object.fromEntries(lines.map((line) => line.split('\t')));
}
