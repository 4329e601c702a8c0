/** A rate, or a number of VUs, over time: pieces that are linear. */
import type { Ramp } from './plan.ts';

const NS_PER_SECOND = 1e9;

/** The value at `ns` after the start of the course; 0 before it and after its end. */
export function valueAt(course: Ramp[], ns: number): number {
  let startNs = 0;
  if (ns < 0) return 0;
  for (const { durationNs, from, to } of course) {
    if (ns < startNs + durationNs) return from + ((to - from) * (ns - startNs)) / durationNs;
    startNs += durationNs;
  }
  return 0;
}

export function durationOf(course: Ramp[]): number {
  return course.reduce((sum, { durationNs }) => sum + durationNs, 0);
}

/** The greatest value that it comes to. */
export function peakOf(course: Ramp[]): number {
  return Math.max(0, ...course.flatMap(({ durationNs, from, to }) => (durationNs > 0 ? [from, to] : [])));
}

/** Arrivals that a rate a second makes over the whole course: its integral, a real number. */
export function areaOf(course: Ramp[]): number {
  return course.reduce((sum, ramp) => sum + areaOfRamp(ramp), 0);
}

export function areaOfRamp({ durationNs, from, to }: Ramp): number {
  return ((from + to) / 2) * (durationNs / NS_PER_SECOND);
}

/**
 * When a ramp has made `area` arrivals, ns after its start. Solves from·t + (to − from)/(2·duration)·t² = area
 * in the form that loses no digits where the quadratic part is small; for a constant rate it is area / rate.
 */
export function timeOfArea({ durationNs, from, to }: Ramp, area: number): number {
  if (from === to) return (area * NS_PER_SECOND) / from;
  const slope = (to - from) / (durationNs / NS_PER_SECOND);
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * area));
  return Math.min(durationNs, ((2 * area) / (from + root)) * NS_PER_SECOND);
}
