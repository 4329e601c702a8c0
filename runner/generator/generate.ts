/** Carries out a plan from where the person wants the generator to stand. */
import type { BenchOutputs } from '../../infra/outputs.ts';
import type { Endpoints, Progress } from '../engine/contract.ts';
import { generateInContainer } from './in-container.ts';
import type { Generated, Load } from './job.ts';
import { type Path, pathTo } from './path.ts';
import type { Placement } from './placement.ts';
import { type Address, databaseAt, reach } from './reach.ts';
import { work } from './work.ts';

export interface GenerateOptions {
  placement: Placement;
  load: Load;
  outputs: BenchOutputs;
  /** The stack's engine: `unix://`, `tcp://` or `ssh://`. */
  dockerHost: string;
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}

/** @throws EnvironmentError where the subject is not reached, or the generator cannot run. */
export function generate(options: GenerateOptions): Promise<Generated & { path: Path }> {
  return options.placement === 'engine' ? onEngine(options) : onHost(options);
}

async function onEngine({ load, outputs, dockerHost, onProgress, signal }: GenerateOptions) {
  const { bench } = outputs;
  const { host, port } = bench.certctl.inside;
  const targets = Object.entries(bench.targets).map(([name, { inside, servername }]) => {
    return [name, { ...inside, servername }] as const;
  });
  const endpoints = endpointsOf(
    outputs,
    `https://${host}:${port}`,
    Object.fromEntries(targets),
    bench.deploy?.database.inside,
  );
  const place = { bench, dockerHost };
  const generated = await generateInContainer({ ...load, endpoints }, place, onProgress, signal);
  return { ...generated, path: 'stack network' as const };
}

async function onHost({ load, outputs, dockerHost, onProgress, signal }: GenerateOptions) {
  const { certctl, targets, subject } = outputs.bench;
  // An external certctl has a way of its own; that of the stack's ports is told.
  const { host, port } = subject.kind === 'external' ? targets.nginx : certctl;
  const { endpoints, isTunnel, close } = await reach(
    endpointsOf(outputs, certctl.url, targets, outputs.bench.deploy?.database),
    dockerHost,
  );
  try {
    const path = isTunnel ? ('ssh tunnel' as const) : await pathTo(host, port, dockerHost);
    return { ...(await work({ ...load, endpoints }, onProgress, signal)), path };
  } finally {
    await close();
  }
}

function endpointsOf(
  { bench, apiKey, databaseUrl }: BenchOutputs,
  url: string,
  targets: Endpoints['targets'],
  database: Address | undefined,
): Endpoints {
  const { servername, ca } = bench.certctl;
  return {
    ...{ api: { url, servername, token: apiKey, ca }, targets, ca: bench.ca },
    ...(bench.deploy &&
      database &&
      databaseUrl && {
        deploy: {
          databaseUrl: databaseAt(databaseUrl, database),
          pollMs: bench.deploy.pollMs,
          sites: bench.deploy.sites,
        },
      }),
  };
}
