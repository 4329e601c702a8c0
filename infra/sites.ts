/** The sites of a target: server names with certificates of their own, each a deployment target in certctl. */
import type { TargetName } from './targets.ts';

/** Domain of the names in the starter certificate. */
export const TARGET_DOMAIN = 'certctl-bench.test';

/** Where the certificate files of the sites are, in the targets and beside them. */
const FOLDER = '/certs/sites';

export interface Site {
  /** For SNI. */
  servername: string;
  /** Its certificate in certctl. */
  certificate: string;
  /** Its deployment target in certctl. */
  target: string;
  /** Paths without their ends: `.crt`, `.key`, and `.pem` with both in it. */
  files: string;
}

/** `count` sites, whose starter certificates the wildcard of the targets' own covers. */
export function sitesOf(target: TargetName, count: number): Site[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${target}-${String(index + 1).padStart(3, '0')}`;
    const servername = `${name}.${TARGET_DOMAIN}`;
    return { servername, certificate: `mc-${name}`, target: `tgt-${name}`, files: `${FOLDER}/${servername}` };
  });
}
