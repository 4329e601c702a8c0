/** What only deploy loops have. */
import { z } from 'zod';
import { LOOP_MODES, LOOP_STAGES, type LoopStage } from '../plan/loop.ts';
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
  mode: z
    .enum(LOOP_MODES)
    .optional()
    .describe(
      'What a deploy loop does: renew, where absent, or enrol: create and bind a new certificate before.',
    ),
  deadlines: strict(eachStage((stage) => positive.optional().describe(`Until ${ENDS[stage]}.`)))
    .optional()
    .describe('How long a deploy loop may stand in each stage; by how often agents poll where absent.'),
};

/** As much of a scenario as can be checked whatever else of it is wrong. */
export const loopOutline = {
  mode: loop.mode.catch(undefined),
  deadlines: z
    .object(eachStage(() => positive.optional().catch(undefined)))
    .optional()
    .catch(undefined),
};
type Outline = z.output<z.ZodObject<typeof loopOutline>> & { deadline: number };

/** What only deploy loops have, said of others; stages that may take longer than the whole loop. */
export function loopProblems(profile: Kinds & { scenarios: Record<string, Outline> }): Problem[] {
  return Object.entries(profile.scenarios).flatMap(([name, { mode, deadline, deadlines }]) => {
    if (scenarioKind(profile, name) === undefined) return [];
    const problem = (key: string[], message: string) => ({ path: ['scenarios', name, ...key], message });
    if (loopTarget(profile, name) === undefined) {
      return [
        ...(mode ? [problem(['mode'], 'only deploy loops have a mode')] : []),
        ...(deadlines
          ? [problem(['deadlines'], 'only deploy loops have stages; `deadline` is for all scenarios')]
          : []),
      ];
    }
    const whole = `is longer than the deadline of the whole loop, ${formatDuration(deadline)}`;
    return LOOP_STAGES.filter((stage) => (deadlines?.[stage] ?? 0) > deadline).map((stage) =>
      problem(['deadlines', stage], whole),
    );
  });
}
