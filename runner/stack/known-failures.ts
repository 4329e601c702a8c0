/** What Docker, Pulumi, PostgreSQL and the services themselves say when something is wrong, and what to do then. */

export interface KnownFailure {
  pattern: RegExp;
  /** What is wrong and what helps, in one line; `$1`, `$2` … are the pattern's groups. */
  words: string;
  /** True where the person's own configuration is wrong: exit code 2 instead of 3. */
  usage?: true;
}

/** How the provider begins, and then the image: of Docker Hub where its name has no registry's host before a slash. */
const PULL = '(?:unable to pull image|error pulling image)';
const OF_HUB = '((?!localhost/|[^\\s/]*[.:][^\\s/]*/)\\S+?)';
/** The provider asks Docker Hub as anybody. */
const BY_HAND =
  '"docker pull $1" by hand (after "docker login", if need be), which "up" then uses, or name a mirror (-c imageRegistry=...)';

/** The first that matches counts, so the more special ones come first. */
const KNOWN: KnownFailure[] = [
  // Configuration and state.
  { pattern: /(the stack's config is wrong: [^\n]*)/, words: '$1', usage: true },
  {
    pattern: /incorrect passphrase|passphrase must be set/,
    words:
      'the passphrase is not the one that the stack was made with; put the old one back into .bench/passphrase (or PULUMI_CONFIG_PASSPHRASE)',
  },
  {
    pattern: /currently locked by[\s\S]*?created by (\S+) \(pid (\d+)\)/,
    words:
      'the stack is locked by another command ($1, process $2); wait for it, or, if it is gone, run "bench down" (or "pulumi cancel") for that stack',
  },
  {
    pattern: /another update is currently in progress/i,
    words: 'another command works on the stack; wait for it, or run "pulumi cancel" if it is gone',
  },
  // Disks.
  {
    pattern: /[^\n]*read-only file system[^\n]*/i,
    words: 'a folder is read-only ($&); make it writable',
  },
  {
    pattern: /no space left on device|could not (?:extend|write to) file[^\n]*/i,
    words: 'no space is left on the disk ($&); "docker system df" and "df -h" show what fills it',
  },
  // The engine.
  {
    pattern: /Cannot connect to the Docker daemon at ([^\s]+?)\.? Is the docker daemon running/,
    words: 'no Docker engine answers at $1; start it and run the command again',
  },
  {
    pattern:
      /error during connect[^\n]*|(?:dial unix|connect: no such file)[^\n]*docker[^\n]*|cannot be watched: [^\n]*|unexpected EOF/i,
    words: 'the Docker engine has gone away ($&); start it and run the command again',
  },
  {
    pattern: /address pools? (?:have|has) been|non-overlapping IPv4 address pool/i,
    words:
      'the engine has no free address range for another network; remove unused ones with "docker network prune"',
  },
  {
    pattern: /iptables[^\n]*/i,
    words: 'the engine cannot set up its network ($&); restart the engine, or install iptables',
  },
  // Ports.
  {
    pattern:
      /Bind for (\S+) failed: port is already allocated|listen tcp\d? (\S+): bind: address already in use/,
    words:
      'the port $1$2 is in use on the engine\'s machine; free it ("docker ps", "ss -ltnp" show by whom), or choose another (certctl-bench:ports)',
  },
  {
    pattern: /(?:listen tcp\d? )?(\S+): bind: cannot assign requested address/,
    words: "$1 is no address of the engine's machine; choose one for certctl-bench:bindAddress",
  },
  // Limits and settings.
  {
    pattern: /Requested CPUs are not available - requested ([^\s,]+), available: ([\d,-]+)/,
    words: "the engine's machine has no CPUs $1; choose among $2 for certctl-bench:limits",
  },
  {
    pattern: /unrecognized configuration parameter "([^"]+)"/,
    words: 'PostgreSQL has no parameter "$1"; correct certctl-bench:postgresSettings',
  },
  {
    pattern:
      /(?:invalid value for parameter "[^"]+": [^\n]*|[^\n]* is outside the valid range for parameter [^\n]*)/,
    words: 'PostgreSQL refuses a setting ($&); correct certctl-bench:postgresSettings',
  },
  // Images.
  {
    pattern: /no matching manifest for (\S+)/,
    words:
      'the image is not made for the architecture of the engine ($1); choose another with certctl-bench:subjectImage',
  },
  {
    pattern: /(?:pull image|No such image:?) (sha256:[0-9a-f]{12})[0-9a-f]*/,
    words:
      'the engine does not hold the image $1 that the stack was made with; "bench setup" builds it, "bench up -c debianImage=<its id>" makes the stack use it',
  },
  {
    pattern: /unable to find or pull image (\S+)/,
    words:
      'the engine has not got the image $1 although the registry began to send it; "docker pull $1" by hand says why, and "up" uses what it brings',
  },
  {
    pattern: new RegExp(`${PULL} ${OF_HUB}: [^\\n]*(toomanyrequests)`),
    words: `Docker Hub refuses image $1 for now (rate limit), and it is asked without a login; ${BY_HAND}`,
  },
  {
    pattern: new RegExp(
      `${PULL} ${OF_HUB}: [^\\n]*(manifest unknown|not found|denied|unauthorized|authentication required)`,
    ),
    words: `Docker Hub has no image $1 for everybody ($2); check its name, or ${BY_HAND}`,
  },
  {
    pattern:
      /(?:unable to pull image|error pulling image) (\S+?): [^\n]*(manifest unknown|not found|denied|unauthorized|authentication required|no basic auth credentials)/,
    words: 'the registry has no image $1 for you ($2); check its name, or "docker login"',
  },
  {
    pattern: /(?:unable to pull image|error pulling image) (\S+?): [^\n]*(toomanyrequests)/,
    words: 'the registry refuses image $1 for now (rate limit); "docker login", or try later',
  },
  {
    pattern: /(?:unable to pull image|error pulling image) (\S+?): /,
    words:
      'the image $1 cannot be pulled: the registry is not reachable; use another stack with --images debian, or check network and proxy',
  },
  { pattern: /No such image:? (\S+)/, words: 'the engine does not hold the image $1; "bench setup" gets it' },
  // Pulumi.
  {
    pattern: /no resource plugin '([^']+)'|could not (?:load|find)[^\n]*plugin[^\n]*/i,
    words: 'a Pulumi plugin is missing ($&); "bench setup" installs it',
  },
  // Services.
  {
    pattern: /exec format error/i,
    words:
      'its program is for another machine architecture than the engine\'s; build it for that one (GOOS=linux, GOARCH as in "docker version")',
  },
  {
    pattern: /password authentication failed for user "?(\w+)"?/,
    words:
      'PostgreSQL refuses the password of $1: the database was made with another one; "bench down" and "bench up" make a new one',
  },
  {
    pattern: /database "(\w+)" is not currently accepting connections/,
    words:
      'PostgreSQL takes no connections for database $1 (ALTER DATABASE $1 ALLOW_CONNECTIONS true allows them)',
  },
  {
    pattern: /too many clients already|remaining connection slots are reserved/,
    words: 'PostgreSQL has no free connection; fewer connections for certctl, or more for PostgreSQL',
  },
  {
    pattern:
      /migrations?\b[^\n]*(?:not exist|no such file|not found|missing)|(?:no|missing) migration files/i,
    words:
      'its migrations are missing or broken; certctl-bench:subjectMigrations must be the folder that goes with the binary',
  },
];

/** Words of the table for `text`, or undefined where nothing in it is known. */
export function knownFailure(text: string): { words: string; usage: boolean } | undefined {
  for (const { pattern, words, usage = false } of KNOWN) {
    const [match] = pattern.exec(text) ?? [];
    if (match === undefined) continue;
    const told = match.replace(pattern, words);
    return { words: told.replaceAll(/\s*\n\s*/g, ' ').trim(), usage };
  }
  return undefined;
}
