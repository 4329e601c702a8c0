/** How figures are named for Prometheus, in a file and in a push. */
import { Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';

const PREFIX = 'certctl_bench_';

export const FATES_HELP = 'Arrivals by how they ended; they add up to what was offered.';
export const RESPONSE_TIME_HELP =
  'From the intended start of an arrival to its end; quantile 1 is the maximum.';

export type MakeGauge = <Label extends string>(
  name: string,
  help: string,
  labelNames: Label[],
) => Gauge<Label>;

/** Makes gauges of that registry, whichever of the two text formats it writes. */
export function gaugesOf(registry: Registry | Registry<OpenMetricsContentType>): MakeGauge {
  const registers = [registry as Registry];
  return (name, help, labelNames) => new Gauge({ name: PREFIX + name, help, labelNames, registers });
}
