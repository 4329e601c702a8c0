/** The null target (fixtures/null-target.ts): as a process of this machine, and as a container. */
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa, type ResultPromise } from 'execa';
import { bundleFixture } from '../../infra/bundle.ts';
import { LABEL_STACK } from '../../infra/labels.ts';
import type { Endpoints } from '../engine/contract.ts';
import { projectRoot } from '../paths.ts';

const SERVERNAME = 'null-target';
/** In its container; its own machine gives it any. */
const PORT = 8443;

export interface NullTarget extends AsyncDisposable {
  ca: string;
  port: number;
}

/** That server at an address, as the API and as a target. */
export function endpointsAt(host: string, port: number, ca: string): Endpoints {
  return {
    api: { url: `https://${host}:${port}`, servername: SERVERNAME, token: 'none' },
    targets: { nginx: { host, port, servername: SERVERNAME } },
    ca,
  };
}

export async function startNullTarget(): Promise<NullTarget> {
  const path = join(projectRoot, 'fixtures', `null-target${extname(import.meta.filename)}`);
  return started(execa(process.execPath, [path], { buffer: false }));
}

export interface ContainedTarget extends NullTarget {
  /** Where the engine publishes it, on loopback. */
  publishedPort: number;
  /** Its address on the engine's network. */
  address: string;
}

/**
 * On a network of its own, as the services of a stack are.
 * @throws ExecaError where the engine cannot run it
 */
export async function startContainedTarget(dockerHost: string, image: string): Promise<ContainedTarget> {
  const env = { DOCKER_HOST: dockerHost };
  const name = `certctl-bench-null-target-${process.pid}`;
  const label = `${LABEL_STACK}=${name}`;
  const code = bundleFixture('null-target.ts');
  await execa('docker', ['network', 'create', '--label', label, name], { env });
  const removeNetwork = () => execa('docker', ['network', 'rm', name], { env });
  let target: NullTarget | undefined;
  try {
    const docker = execa(
      'docker',
      [
        ...['run', '--rm', '--interactive', '--name', name, '--label', label, '--network', name],
        ...['--publish', `127.0.0.1::${PORT}`, '--entrypoint', 'sh', image, '-c'],
        // The module comes first, by its length, so that the input stays open behind it.
        `head -c ${Buffer.byteLength(code)} >/tmp/null.mjs && exec node /tmp/null.mjs 0.0.0.0 ${PORT}`,
      ],
      { env, buffer: { stdout: false } },
    );
    docker.stdin.write(code);
    target = await started(docker);
    const format = `{{(index (index .NetworkSettings.Ports "${PORT}/tcp") 0).HostPort}} {{(index .NetworkSettings.Networks "${name}").IPAddress}}`;
    const { stdout } = await execa('docker', ['inspect', '--format', format, name], { env });
    const [published, address = ''] = stdout.trim().split(' ');
    const { ca, port, [Symbol.asyncDispose]: end } = target;
    const stop = async () => {
      await end();
      await removeNetwork();
    };
    return { ca, port, publishedPort: Number(published), address, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await target?.[Symbol.asyncDispose]();
    await removeNetwork();
    throw error;
  }
}

/** Waits for its line; rejects with what the process said where it ends without. */
async function started(child: ResultPromise<{ buffer: false | { stdout: false } }>): Promise<NullTarget> {
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
  const [line] = (await Promise.race([once(lines, 'line'), child])) as [string];
  return {
    ...JSON.parse(line),
    async [Symbol.asyncDispose]() {
      child.stdin?.end();
      await child;
    },
  };
}
