/** Seeded random numbers: the same seed and name give the same numbers on every machine. */

/**
 * Uniform numbers in [0, 1) from a stream of its own for each name, so that adding one scenario to a profile
 * does not move the arrivals of the others. The generator is sfc32 ("small fast counter", Chris Doty-Humphrey,
 * public domain, part of PractRand), its state filled with seed and name, its first 15 rounds thrown away.
 */
export function randomStream(seed: number, name: string): () => number {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = fnv1a(name);
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter++) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum / 2 ** 32;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** An exponential number of mean 1. */
export function exponential(random: () => number): number {
  return -Math.log(1 - random());
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
