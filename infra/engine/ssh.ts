/** The ssh command line for an engine behind `ssh://user@host:port`. */

/** Nobody is there to type a password or to answer a question: what ssh would ask is an error instead. */
export const sshOptions = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'];

/** The end of ssh's arguments: who and where; a command may follow. */
export function sshDestination(dockerHost: string): string[] {
  const { username, port, hostname } = new URL(dockerHost);
  return [
    ...(username ? ['-l', decodeURIComponent(username)] : []),
    ...(port ? ['-p', port] : []),
    '--',
    hostname.replace(/^\[|\]$/g, ''),
  ];
}
