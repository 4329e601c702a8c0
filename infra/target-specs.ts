/** What a target is, in data, as each file of targets/ has it. */
import type { BenchConfig } from './config.ts';
import type { Site } from './sites.ts';
import { TARGET_NAMES, type TargetName } from './targets.ts';
import type { ContainerFile } from './uploads.ts';

export interface TargetSpec {
  /** Tag of the official image. */
  image: string;
  /** Package of Debian 12 that has the same server; absent where the Debian image has it anyway. */
  debianPackage?: string;
  /** Argv, by what is in the image where the official one and Debian's package differ. */
  command: string[] | Record<BenchConfig['imageLayout'], string[]>;
  /** Where the image's own user may not read the key. */
  user?: string;
  /**
   * What is copied in, by path. With it the server answers TLS on port 8443 with the certificate in /certs, `GET /`
   * there with 200, and `GET /healthz` on port 8081
   * in plain HTTP.
   */
  files: Record<string, ContainerFile>;
  /** What it takes to have sites with certificates of their own, and to deploy to one. */
  sites: {
    /** Further files, or others of the same path. */
    files?: (sites: readonly Site[]) => Record<string, ContainerFile>;
    envs?: (sites: readonly Site[]) => string[];
    /** Its type and config in certctl, for an agent that stands beside it. */
    deployment: (site: Site, layout: BenchConfig['imageLayout']) => Deployment;
  };
}

interface Deployment {
  type: string;
  config: Record<string, string | number | boolean>;
}

const load = async (name: TargetName) =>
  [name, ((await import(`./targets/${name}.ts`)) as { default: TargetSpec }).default] as const;

export const TARGETS = Object.fromEntries(await Promise.all(TARGET_NAMES.map(load))) as Record<
  TargetName,
  TargetSpec
>;
