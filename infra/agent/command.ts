/**
 * A command that an agent runs in the target's own file system, with the target's own program. The agent has the
 * target's process namespace, in which the target is process 1; agents run commands without a shell.
 */
export const inTarget = (...argv: string[]) => ['chroot', '/proc/1/root', ...argv].join(' ');
