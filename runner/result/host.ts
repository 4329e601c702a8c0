/** The machine that the generator ran on. */
import { arch, cpus, platform, release, totalmem } from 'node:os';

export interface HostFacts {
  platform: string;
  arch: string;
  kernel: string;
  /** Null where the system does not say (some ARM machines). */
  cpuModel: string | null;
  /** Logical processors. */
  cpus: number;
  memoryBytes: number;
}

export function hostFacts(): HostFacts {
  const processors = cpus();
  return {
    platform: platform(),
    arch: arch(),
    kernel: release(),
    cpuModel: processors[0]?.model.trim() || null,
    cpus: processors.length,
    memoryBytes: totalmem(),
  };
}
