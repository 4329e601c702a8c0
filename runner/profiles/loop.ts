/** What only deploy loops have. */
import { z } from 'zod';
import { LOOP_STAGES, type LoopStage } from '../plan/loop.ts';
import type { Problem } from './check.ts';
import { formatDuration } from './duration.ts';
import { positive, strict } from './fields.ts';
import { type Kinds, loopTarget, scenarioKind } from './scenario-kind.ts';

const ENDS: Record<LoopStage, string> = {
  accept: 'the renewal is answered',
  csr: 'an agent has sent its CSR',
  sign: 'it is signed',
  claim: 'an agent has fetched the deployment',
  deploy: 'the agent has ended it',
  serve: 'a handshake shows it',
};
const eachStage = <Value extends z.ZodType>(value: (stage: LoopStage) => Value) =>
  Object.fromEntries(LOOP_STAGES.map((stage) => [stage, value(stage)])) as Record<LoopStage, Value>;

export const loop = {
  deadlines: strict(eachStage((stage) => positive.optional().describe(`Until ${ENDS[stage]}.`)))
    .optional()
    .describe('How long a deploy loop may stand in each stage; by how often agents poll where absent.'),
};

/** As much of a scenario as can be checked whatever else of it is wrong. */
export const loopOutline = {
  deadlines: z
    .object(eachStage(() => positive.optional().catch(undefined)))
    .optional()
    .catch(undefined),
};
type Outline = z.output<z.ZodObject<typeof loopOutline>> & { deadline: number };

/** What only deploy loops have, said of others; stages that may take longer than the whole loop. */
export function loopProblems(profile: Kinds & { scenarios: Record<string, Outline> }): Problem[] {
  return Object.entries(profile.scenarios).flatMap(([name, { deadline, deadlines }]) => {
    if (deadlines === undefined || scenarioKind(profile, name) === undefined) return [];
    const path = ['scenarios', name, 'deadlines'];
    if (loopTarget(profile, name) === undefined)
      return [{ path, message: 'only deploy loops have stages; `deadline` is for all scenarios' }];
    return LOOP_STAGES.filter((stage) => (deadlines[stage] ?? 0) > deadline).map((stage) => ({
      path: [...path, stage],
      message: `is longer than the deadline of the whole loop, ${formatDuration(deadline)}`,
    }));
  });
}
