/** What the stack was told beyond the defaults, for the methodology. */
import type { Summary } from '../result/summary-schema.ts';

type Settings = NonNullable<Summary['environment']['settings']>;

/** One text a service: `postgres: shared_buffers=512MB; CPUs 0-1, 512 MiB`. */
export function settingsTexts({ certctl, postgres, limits }: Settings): string[] {
  const named: Record<string, Record<string, string>> = { certctl, postgres };
  const services = new Set([...Object.keys(named), ...Object.keys(limits)]);
  return [...services].flatMap((service) => {
    const { cpuSet, memoryMb } = limits[service] ?? {};
    const values = Object.entries(named[service] ?? {}).map(([name, value]) => `${name}=${value}`);
    const bounds = [cpuSet && `CPUs ${cpuSet}`, memoryMb && `${memoryMb} MiB`].filter(Boolean);
    const parts = [values.join(' '), bounds.join(', ')].filter(Boolean);
    return parts.length > 0 ? [`${service}: ${parts.join('; ')}`] : [];
  });
}
