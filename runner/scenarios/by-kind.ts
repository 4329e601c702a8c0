/** From the kind that a plan names to what it does. */
import { TARGET_NAMES } from '../../infra/targets.ts';
import { deployLoopOf, handshakeOf, type ScenarioKind } from '../plan/plan.ts';
import { deployLoop } from './deploy_loop.ts';
import { handshake } from './handshake.ts';
import { issuanceAcceptance } from './issuance_acceptance.ts';
import { listCertificates } from './list_certificates.ts';
import type { Scenario } from './scenario.ts';

const loops = Object.fromEntries(TARGET_NAMES.map((target) => [deployLoopOf(target), deployLoop(target)]));
const handshakes = Object.fromEntries(TARGET_NAMES.map((target) => [handshakeOf(target), handshake(target)]));

export const SCENARIOS = {
  issuance_acceptance: issuanceAcceptance,
  list_certificates: listCertificates,
  ...handshakes,
  ...loops,
} as Record<ScenarioKind, Scenario>;
