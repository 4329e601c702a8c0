/** One line of the table of figures. */
import { isDeepStrictEqual } from 'node:util';
import type { Goal } from './goal.ts';

export interface Figure {
  what: string;
  unit: string;
  /** A value a round. */
  bench: number[];
  /** The same of other tools, by their names. */
  peers?: Record<string, number[]>;
  /** Absent where there is none. */
  goal?: Goal;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** What a measurement rests on; where it does not hold there is no figure. */
export function equal(what: string, is: unknown, shall: unknown): void {
  if (isDeepStrictEqual(is, shall)) return;
  throw new Error(`${what}: is ${JSON.stringify(is)}, must be ${JSON.stringify(shall)}`);
}
