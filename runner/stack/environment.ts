/** The environment in which Pulumi and its programs run: the bench's CLI, Node, backend and engine. */
import { delimiter, join } from 'node:path';
import { benchDir, home, npmBinDir } from '../paths.ts';
import type { Setup } from '../setup/setup.ts';
import { certPathOf } from '../setup/use-engine.ts';
import type { Backend } from './backend.ts';

/** What Pulumi needs to know of the machine. */
export type Machine = { engine: Pick<Setup['engine'], 'host'>; installation: Setup['installation'] };

export function pulumiEnvironment(
  { engine, installation }: Machine,
  backend: Backend,
): Record<string, string> {
  const folders = [npmBinDir, join(installation.root, 'bin')];
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folders.includes(folder));
  const certPath = certPathOf();
  return {
    ...backend.env,
    PATH: [...folders, ...path].join(delimiter),
    PULUMI_HOME: installation.home,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    // What is missing is said by `bench setup`, not fetched behind one's back.
    ...(installation.kind === 'bench' && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true' }),
    // For the program, which keeps what it makes of the fixtures there.
    BENCH_HOME: home,
    // The program and the gates load what was compiled once.
    NODE_COMPILE_CACHE: join(benchDir, 'cache/node'),
    DOCKER_HOST: engine.host,
    ...(certPath && { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: '1' }),
  };
}
