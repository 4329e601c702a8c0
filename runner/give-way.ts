import { constants, setPriority } from 'node:os';

/**
 * From now on this process, and all that it starts, gives way to others: bringing stacks up and down must not take the
 * processors from what is measured meanwhile. Only for a command that measures nothing itself: none but root can raise
 * a priority again.
 */
export const giveWay = (): void => setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
