/** What a figure is to reach, and whether it has. */
import { median } from './figure.ts';

export type Goal =
  /** `of`: so many times that peer's figure. */
  | { atMost: number; of?: string }
  /** `cores`: where the machine has so many. */
  | { atLeast: number; cores: number }
  /** `share` of the known truth off, at most. */
  | { truth: number; share: number };

/** In words; with the figure's own share of a peer's, and **missed** where it is. */
export function goalText(
  goal: Goal,
  bench: number[],
  peers: Record<string, number[]>,
  cores: number,
): string {
  const own = median(bench);
  const missed = (isMet: boolean) => (isMet ? '' : ': **missed**');
  if ('truth' in goal) {
    const isMet = Math.abs(own - goal.truth) <= goal.truth * goal.share;
    return `within ${goal.share * 100} %${missed(isMet)}`;
  }
  if ('atLeast' in goal) {
    const words = `at least ${goal.atLeast}`;
    return cores < goal.cores
      ? `${words} where there are ${goal.cores} cores: here ${cores}`
      : `${words}${missed(own >= goal.atLeast)}`;
  }
  if (goal.of === undefined) return `at most ${goal.atMost}${missed(own <= goal.atMost)}`;
  const ratio = own / median(peers[goal.of] ?? []);
  return `at most ${goal.atMost} of ${goal.of}'s: ${ratio.toFixed(2)}${ratio <= goal.atMost ? '' : ', **missed**'}`;
}
