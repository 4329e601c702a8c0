/** What can still be read of a profile that the schema refuses, so that the rest of it is checked as well. */
import { z } from 'zod';
import { commonFields } from './executors.ts';
import { loopOutline } from './loop.ts';
import { entryOutline } from './threshold-entry.ts';

const scenario = z.object({
  executor: z.string().catch(''),
  exec: commonFields.exec.catch(undefined),
  httpVersion: z.unknown().optional(),
  deadline: commonFields.deadline.catch(Infinity),
  gracefulStop: commonFields.gracefulStop.catch(Infinity),
  ...loopOutline,
});

export const outline = z
  .object({
    scenarios: z.record(z.string(), scenario.catch(scenario.parse({}))).catch({}),
    thresholds: z.record(z.string(), z.array(entryOutline.optional().catch(undefined)).catch([])).catch({}),
  })
  .catch({ scenarios: {}, thresholds: {} });

export type Outline = z.output<typeof outline>;
