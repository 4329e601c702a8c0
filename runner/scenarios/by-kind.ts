/** From the kind that a plan names to what it does. */
import type { ScenarioKind } from '../plan/plan.ts';
import { apacheHandshake } from './apache_handshake.ts';
import { f5Handshake } from './f5_handshake.ts';
import { haproxyHandshake } from './haproxy_handshake.ts';
import { issuanceAcceptance } from './issuance_acceptance.ts';
import { listCertificates } from './list_certificates.ts';
import { nginxHandshake } from './nginx_handshake.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: Record<ScenarioKind, Scenario> = {
  issuance_acceptance: issuanceAcceptance,
  list_certificates: listCertificates,
  nginx_handshake: nginxHandshake,
  apache_handshake: apacheHandshake,
  haproxy_handshake: haproxyHandshake,
  f5_handshake: f5Handshake,
};
