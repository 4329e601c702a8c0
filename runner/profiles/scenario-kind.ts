/** What a scenario of a profile does, and which target it does it to. */
import { TARGET_NAMES, type TargetName } from '../../infra/targets.ts';
import { deployLoopOf, handshakeOf, SCENARIO_KINDS, type ScenarioKind } from '../plan/plan.ts';

/** As much of a profile as these questions need. */
export interface Kinds {
  scenarios: Record<string, { exec?: ScenarioKind | undefined }>;
}

/** The kind of the named scenario; undefined where neither `exec` nor its name says one. */
export function scenarioKind(profile: Kinds, name: string): ScenarioKind | undefined {
  return profile.scenarios[name]?.exec ?? SCENARIO_KINDS.find((kind) => kind === name);
}

/** The target that the named scenario deploys to; undefined where it does not. */
export function loopTarget(profile: Kinds, name: string): TargetName | undefined {
  const kind = scenarioKind(profile, name);
  return TARGET_NAMES.find((target) => kind === deployLoopOf(target));
}

/** The old harness's `target_type` tag: of handshakes only. */
export function targetType(profile: Kinds, name: string): TargetName | undefined {
  const kind = scenarioKind(profile, name);
  return TARGET_NAMES.find((target) => kind === handshakeOf(target));
}
