/** Locks that a killed Pulumi left on stacks of the embedded backend. */
import { embeddedState } from '../stack/backend.ts';
import { leftoverLocks } from '../stack/locks.ts';
import type { Check } from './finding.ts';

/** Not a hindrance: the next `up` or `down` of the stack takes its leftover lock away. */
export const locks: Check = async () => {
  const what = 'leftover locks';
  const stacks = [...new Set(leftoverLocks(embeddedState).map(({ stack }) => stack))];
  if (stacks.length === 0) return { what, state: 'found', from: 'none' };
  const from = `a command that is gone still holds ${stacks.join(', ')}`;
  return {
    what,
    state: 'missing',
    from,
    remedy: '"bench sweep", or the next "bench up" or "bench down" of it',
  };
};
