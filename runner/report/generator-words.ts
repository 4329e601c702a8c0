/** Where the generator stood and how it reached the services, for all reports. */
import type { Path } from '../generator/path.ts';
import type { Summary } from '../result/summary-schema.ts';

const WAYS: Record<Path, string> = {
  'stack network': "by the stack's own network",
  'published port': 'by the published ports, without a proxy',
  'docker-proxy': 'by the published ports, through docker-proxy',
  network: "over the network to the engine's machine",
  'ssh tunnel': 'through an SSH tunnel, whose cost is in every figure',
  'not measured': 'by a way that was not measured',
};

/** One clause; of summaries from before the path was measured, the placement alone. */
export function generatorWords({ generator }: Pick<Summary['environment'], 'generator'>): string {
  const place = generator.placement === 'host' ? 'on the host' : "in a container on the stack's engine";
  return `generator ${place}${generator.path ? `, ${WAYS[generator.path]}` : ''}`;
}
