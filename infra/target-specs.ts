/** What a target is, in data, as each file of targets/ has it. */
import type { BenchConfig } from './config.ts';
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
   * What is copied in, by path. With it the server answers TLS on port 8443 with the certificate in /certs, `GET /` there with 200, and `GET /healthz` on port 8081
   * in plain HTTP.
   */
  files: Record<string, ContainerFile>;
}

const load = async (name: TargetName) =>
  [name, ((await import(`./targets/${name}.ts`)) as { default: TargetSpec }).default] as const;

export const TARGETS = Object.fromEntries(await Promise.all(TARGET_NAMES.map(load))) as Record<
  TargetName,
  TargetSpec
>;
