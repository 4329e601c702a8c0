/** Durations as Go and k6 write them: `300ms`, `1.5s`, `1h30m`. Always a whole number of milliseconds. */

const UNIT_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const PART = String.raw`\d+(?:\.\d+)?(?:ms|d|h|m|s)`;

/** The grammar, anchored; for JSON schemas and editors. */
export const DURATION_PATTERN = `^(?:${PART})+$`;

const whole = new RegExp(DURATION_PATTERN);
const part = /(\d+(?:\.\d+)?)(ms|d|h|m|s)/g;

/** Milliseconds of a duration; undefined where the text is none, or is no whole number of milliseconds. */
export function durationMs(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(part)) sum += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  const ms = Math.round(sum);
  // 1.1s is 1100.0000000000002 in binary: the rest must be noise, or the text is finer than the clock here.
  return Number.isSafeInteger(ms) && Math.abs(sum - ms) < 1e-6 ? ms : undefined;
}

/** The shortest text for a duration, as Go prints it but without zero parts: `5m`, `1h30m`, `1.5s`, `300ms`. */
export function formatDuration(ms: number): string {
  const rest = Math.round(ms);
  if (rest < 1000) return rest === 0 ? '0s' : `${rest}ms`;
  const hours = Math.floor(rest / 3_600_000);
  const minutes = Math.floor((rest % 3_600_000) / 60_000);
  const seconds = (rest % 60_000) / 1000;
  return [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`].filter(Boolean).join('');
}
