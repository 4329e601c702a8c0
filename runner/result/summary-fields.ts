/** Units and figures that all parts of summary.json are made of. */
import { z } from 'zod';

export const count = z.int().nonnegative();
export const ms = z.number().nonnegative().nullable();
export const ratio = z.number().min(0).max(1).nullable();

export const statistics = z
  .object({
    samples: count,
    avg: ms,
    min: ms,
    med: ms,
    max: ms,
    p50: ms,
    p90: ms,
    p95: ms,
    p99: ms,
    p999: ms,
  })
  .describe('Milliseconds; null without samples.');
