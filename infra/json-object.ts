/** Config values that hold JSON. */
import { z } from 'zod';

/** A JSON object as text; the empty string is "not set". */
export function jsonObject(allowed: string) {
  return z
    .string()
    .trim()
    .transform((value, context): Record<string, unknown> | undefined => {
      if (value === '') return undefined;
      try {
        return z.record(z.string(), z.unknown()).parse(JSON.parse(value));
      } catch {
        context.addIssue({ code: 'custom', message: `must be a JSON object ${allowed}` });
        return z.NEVER;
      }
    });
}
