/** Kinds of fields that several parts of a profile have. */
import { z } from 'zod';
import { DURATION_PATTERN, durationMs, formatDuration } from './duration.ts';

const ALLOWED_DURATION = 'must be a duration such as 300ms, 30s, 5m or 1h30m';
const durationText = z.string({ error: ALLOWED_DURATION }).meta({ pattern: DURATION_PATTERN });

/** Text in the file, milliseconds in the program; a codec, so that a profile can be written out again. */
export const duration = z.codec(durationText, z.number(), {
  decode: (text, context) => {
    const ms = durationMs(text);
    if (ms !== undefined) return ms;
    context.issues.push({ code: 'custom', message: ALLOWED_DURATION, input: text });
    return z.NEVER;
  },
  encode: formatDuration,
});

export const positive = duration.refine((ms) => ms > 0, 'must be longer than zero');

/** Of one arrival, whatever it does. */
export const deadline = positive
  .prefault('30s')
  .describe("From the send of a request to its end; k6 calls it a request's timeout.");

/** An object that names its allowed keys where it meets another one. */
export function strict<Shape extends z.core.$ZodShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `unknown key; allowed: ${allowed}` : undefined),
  });
}
