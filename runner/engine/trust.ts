/** Whom connections trust where no CA is named for them. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Endpoints } from './contract.ts';
import { apiTrust } from './endpoints.ts';

let isDone = false;

/**
 * Node.js trusts the roots that it brings along. Where something of the endpoints has no CA of its own, this thread
 * trusts those of the system from now on too (Linux: OpenSSL's own places, SSL_CERT_FILE, SSL_CERT_DIR).
 */
export function trustSystem(endpoints: Endpoints): void {
  if (isDone || endpoints.insecure || (endpoints.ca && apiTrust(endpoints).ca)) return;
  isDone = true;
  setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])]);
}
