/**
 * A second machine on this one: a network namespace with a Docker engine of its own, reached over TCP with mutual TLS
 * and over SSH, each at an address of a documentation range. Needs root.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { mutualIdentities } from '../../support/tls.ts';

const DEADLINE_MS = 30_000;
const SSH_PORT = 2222;

export class SecondEngine implements AsyncDisposable {
  /** Address of the "machine". */
  readonly address: string;
  /** Certificates of a person who may use the engine. */
  readonly certPath: string;
  /** Holds everything; short, because sockets have short paths. */
  readonly folder: string;
  readonly #processes: ChildProcess[] = [];
  readonly #namespace: string;

  private constructor() {
    this.folder = mkdtempSync('/tmp/cb-');
    const id = this.folder.slice(-6);
    this.#namespace = `cb-${id}`;
    this.certPath = join(this.folder, 'certificates');
    // Any of the 64 blocks of 198.51.100.0/24 (RFC 5737).
    this.address = `198.51.100.${4 * (process.pid % 64) + 2}`;
  }

  get tcp(): string {
    return `tcp://${this.address}:2376`;
  }

  get ssh(): string {
    return `ssh://root@${this.address}:${SSH_PORT}`;
  }

  /** The engine past TCP and SSH, for looking at what a command did. */
  get socket(): string {
    return `unix://${this.path('docker.sock')}`;
  }

  /** PATH with an ssh whose configuration is this engine's: a person has theirs in ~/.ssh. */
  get pathWithSsh(): string {
    return [this.path('bin'), process.env.PATH].join(delimiter);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  static async start(): Promise<SecondEngine> {
    await installSshServer();
    const engine = new SecondEngine();
    try {
      await engine.#connect();
      await engine.#startDocker();
      await engine.#startSsh();
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
    return engine;
  }

  async #connect(): Promise<void> {
    const [here, there] = [`h${this.#namespace}`, `n${this.#namespace}`];
    const gateway = this.address.replace(/\d+$/, (last) => String(Number(last) - 1));
    const inside = ['-n', this.#namespace];
    await ip('netns', 'add', this.#namespace);
    await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', this.#namespace);
    await ip('address', 'add', `${gateway}/30`, 'dev', here);
    await ip('link', 'set', here, 'up');
    await ip(...inside, 'address', 'add', `${this.address}/30`, 'dev', there);
    for (const device of ['lo', there]) await ip(...inside, 'link', 'set', device, 'up');
    await ip(...inside, 'route', 'add', 'default', 'via', gateway);
  }

  async #startDocker(): Promise<void> {
    mkdirSync(this.certPath);
    const { ca, server, client } = await mutualIdentities(this.address);
    for (const [name, text] of Object.entries({
      'server.pem': server.cert,
      'server-key.pem': server.key,
      'certificates/ca.pem': ca,
      'certificates/cert.pem': client.cert,
      'certificates/key.pem': client.key,
    }))
      writeFileSync(this.path(name), text, { mode: 0o600 });
    this.#inside('dockerd', [
      ...['--data-root', this.path('data'), '--exec-root', this.path('exec'), '--pidfile', this.path('pid')],
      ...[
        '--host',
        this.socket,
        '--host',
        this.tcp,
        '--tlsverify',
        '--tlscacert',
        this.path('certificates/ca.pem'),
      ],
      ...['--tlscert', this.path('server.pem'), '--tlskey', this.path('server-key.pem')],
      ...['--bridge', 'none', '--default-address-pool', 'base=10.99.0.0/16,size=24'],
    ]);
    await this.#until('dockerd', async () => {
      const { failed } = await execa('docker', ['version'], {
        env: { DOCKER_HOST: this.socket },
        reject: false,
      });
      return !failed;
    });
  }

  async #startSsh(): Promise<void> {
    for (const name of ['host', 'user'])
      await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', this.path(name)]);
    const key = (name: string) => readFileSync(this.path(`${name}.pub`), 'utf8');
    writeFileSync(this.path('authorized'), key('user'));
    writeFileSync(this.path('known'), `[${this.address}]:${SSH_PORT} ${key('host')}`);
    writeFileSync(
      this.path('sshd_config'),
      `Port ${SSH_PORT}\nListenAddress ${this.address}\nHostKey ${this.path('host')}\nPidFile none\n` +
        `AuthorizedKeysFile ${this.path('authorized')}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n` +
        `PermitRootLogin prohibit-password\nSetEnv DOCKER_HOST=${this.socket}\n`,
    );
    this.knowHost(true);
    // Where sshd goes after its start; the package's own service would have made it.
    mkdirSync('/run/sshd', { recursive: true });
    this.#inside('/usr/sbin/sshd', ['-D', '-e', '-f', this.path('sshd_config')]);
    await this.#until('sshd', async () => {
      const { failed } = await execa(
        this.path('bin/ssh'),
        ['-p', `${SSH_PORT}`, `root@${this.address}`, 'true'],
        {
          reject: false,
        },
      );
      return !failed;
    });
  }

  /** Whether the person's ssh knows the host key, as after a first connection. */
  knowHost(isKnown: boolean): void {
    const options = [
      `IdentityFile ${this.path('user')}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${isKnown ? this.path('known') : '/dev/null'}`,
      'StrictHostKeyChecking yes',
    ];
    writeFileSync(this.path('ssh_config'), `Host *\n${options.map((line) => `  ${line}\n`).join('')}`);
    mkdirSync(this.path('bin'), { recursive: true });
    writeFileSync(this.path('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${this.path('ssh_config')} "$@"\n`);
    chmodSync(this.path('bin/ssh'), 0o755);
  }

  /** Runs a server in the namespace; not by `ip netns exec`, which hides the mounts of cgroups. */
  #inside(file: string, args: string[]): void {
    const log = openSync(this.path(`${file.split('/').at(-1)}.log`), 'w');
    this.#processes.push(
      spawn('nsenter', [`--net=/run/netns/${this.#namespace}`, file, ...args], {
        stdio: ['ignore', log, log],
        env: { PATH: process.env.PATH },
      }),
    );
  }

  async #until(name: string, isReady: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + DEADLINE_MS;
    while (!(await isReady())) {
      if (Date.now() > end || this.#processes.at(-1)?.exitCode !== null)
        throw new Error(
          `${name} does not start:\n${readFileSync(this.path(`${name}.log`), 'utf8').slice(-2000)}`,
        );
      await sleep(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#processes.reverse()) {
      if (child.exitCode !== null) continue;
      child.kill();
      await once(child, 'exit');
    }
    // The engine's own mounts: those of containers it has taken away itself.
    const { stdout } = await execa('findmnt', ['--noheadings', '--raw', '--output', 'TARGET'], {
      reject: false,
    });
    for (const target of stdout
      .split('\n')
      .filter((path) => path.startsWith(`${this.folder}/`))
      .reverse())
      await execa('umount', ['--lazy', target], { reject: false });
    // Takes the veth pair with it.
    await execa('ip', ['netns', 'delete', this.#namespace], { reject: false });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const ip = (...args: string[]) => execa('ip', args);

/** Debian's package, whose service is not started: it would listen at all addresses. */
async function installSshServer(): Promise<void> {
  if (existsSync('/usr/sbin/sshd')) return;
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await execa('apt-get', ['update', '-q'], { env });
    await execa('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'openssh-server', 'iproute2'], {
      env,
    });
  } finally {
    if (isOurs) rmSync(policy);
  }
}
