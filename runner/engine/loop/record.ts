/** What is kept of each deploy loop, served or not: they are few, and each can be looked up in certctl. */
import type { ErrorKind } from '../contract.ts';

export interface LoopRecord {
  /** Name of its scenario in the profile. */
  scenario: string;
  /** Of what it deployed to. */
  target: string;
  servername: string;
  certificate: string;
  /** Ids of its jobs in certctl; null where it did not get so far. */
  renewal: string | null;
  deployment: string | null;
  /** SHA-256 of the certificate that certctl issued, lowercase hex. */
  issued: string | null;
  /** All ns since the run's time zero. */
  intendedNs: number;
  sentNs: number;
  /** When a new certificate was created, and bound to the site; null where the site's own was renewed. */
  createdNs: number | null;
  boundNs: number | null;
  /** When the answer to the renewal was here. */
  renewedNs: number | null;
  /** When the handshake that showed the issued certificate had ended; else when the loop had failed. */
  endNs: number;
  /** Why it is not served; null where it is. */
  failure: ErrorKind | 'unfinished' | null;
  /** Handshakes that looked for the certificate. */
  probes: number;
  /**
   * From when it was last known that the issued certificate was not shown yet to the start of the handshake that showed
   * it: within that time it came to be served. Null where it did not.
   */
  resolutionNs: number | null;
}
