/**
 * What the certificates of a run belong to. The issuer and the renewal policy are in a certctl from its first
 * boot on; the team and the owner are made before a run.
 */
export const TEAM = { id: 't-bench', name: 'certctl-bench' };
export const OWNER = { id: 'o-bench', name: 'certctl-bench', email: 'owner@bench.test', team_id: TEAM.id };
export const ISSUER_ID = 'iss-local';
export const RENEWAL_POLICY_ID = 'rp-default';
