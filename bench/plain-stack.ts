/** The containers of a stack once more, made by the docker CLI alone: what Pulumi is compared with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { CERTCTL_NAME } from '../infra/components/certctl.ts';
import { answers, isListening } from '../infra/gate/probe.ts';
import { TARGET_NAMES } from '../infra/targets.ts';
import type { Engine } from '../runner/setup/engine.ts';
import { containersOf } from '../test/e2e/support/engine.ts';

const POLL_MS = 50;
/** Folders into which the stack's files are copied. */
const FILES = ['/opt/bench', '/etc/bench'];

interface Inspected {
  Image: string;
  Config: {
    Env: string[] | null;
    Entrypoint: string[] | null;
    Cmd: string[] | null;
    Healthcheck?: { Test: string[] };
  };
  HostConfig: { PortBindings: Record<string, { HostIp: string }[]> | null };
  Mounts: { Name: string; Destination: string; RW: boolean }[];
}

export class PlainStack {
  readonly #host: string;
  readonly #folder: string;
  readonly #name = `plain-${process.pid}`;
  readonly #services = new Map<string, Inspected>();
  readonly #made: string[] = [];

  private constructor(host: string, folder: string) {
    this.#host = host;
    this.#folder = folder;
  }

  /** Learns from a stack that is up, and keeps its files in `folder`. */
  static async copyOf({ host }: Engine, stack: string, folder: string): Promise<PlainStack> {
    const plain = new PlainStack(host, folder);
    for (const [service, id] of Object.entries(await containersOf({ host } as Engine, stack))) {
      const [inspected] = JSON.parse(await plain.#docker('inspect', id)) as [Inspected];
      plain.#services.set(service, inspected);
      mkdirSync(join(folder, service), { recursive: true });
      // Not in the arguments, which others see: there are passwords in it.
      writeFileSync(plain.#envFile(service), (inspected.Config.Env ?? []).join('\n'), { mode: 0o600 });
      for (const path of FILES)
        await plain.#docker('cp', `${id}:${path}`, join(folder, service)).catch(() => undefined);
    }
    return plain;
  }

  readonly #envFile = (service: string) => join(this.#folder, `${service}.env`);

  async #docker(...args: string[]): Promise<string> {
    const { stdout } = await execa('docker', args, { env: { DOCKER_HOST: this.#host } });
    return stdout;
  }

  /** As the program has it: the targets wait for the certificates, certctl for these and for the database. */
  async up(): Promise<void> {
    await this.#docker('network', 'create', this.#name);
    const [ca] = await Promise.all([this.#certificates(), this.#postgres()]);
    await Promise.all([this.#certctl(ca), ...TARGET_NAMES.map((name) => this.#target(name))]);
  }

  async #certificates(): Promise<string> {
    const id = await this.#create('tls-init', ['--network', 'none']);
    const line = await this.#docker('start', '--attach', id);
    return JSON.parse(line).ca;
  }

  async #postgres(): Promise<void> {
    const id = await this.#start('postgres');
    const [, ...test] = this.#inspected('postgres').Config.Healthcheck?.Test ?? [];
    await until(() =>
      this.#docker('exec', id, ...test).then(
        () => '',
        () => undefined,
      ),
    );
  }

  async #certctl(ca: string): Promise<void> {
    const id = await this.#start('certctl');
    const url = `https://${await this.#port(id, 8443)}`;
    await until(() => answers(`${url}/ready`, { ca, servername: CERTCTL_NAME }));
  }

  async #target(name: string): Promise<void> {
    const id = await this.#start(name);
    const [tls, health] = [await this.#port(id, 8443), await this.#port(id, 8081)];
    await until(() => isListening(tls));
    await until(() => answers(`http://${health}/healthz`, { ca: '', servername: '' }));
  }

  async #start(service: string): Promise<string> {
    const id = await this.#create(service, ['--network', this.#name, '--network-alias', service]);
    await this.#docker('start', id);
    return id;
  }

  async #create(service: string, network: string[]): Promise<string> {
    const { Image, Config, HostConfig, Mounts } = this.#inspected(service);
    const [entrypoint = '', ...words] = Config.Entrypoint ?? [];
    const mounts = Mounts.map(({ Name, Destination, RW }) => [
      '--volume',
      `${this.#name}-${Name}:${Destination}${RW ? '' : ':ro'}`,
    ]);
    const ports = Object.entries(HostConfig.PortBindings ?? {}).map(([port, [binding]]) => [
      '--publish',
      `${binding?.HostIp}::${port}`,
    ]);
    const id = await this.#docker(
      ...['create', '--env-file', this.#envFile(service), '--entrypoint', entrypoint],
      ...[network, mounts, ports].flat(2),
      ...[Image, ...words, ...(Config.Cmd ?? [])],
    );
    this.#made.push(id);
    for (const path of FILES) {
      const from = join(this.#folder, service, path.split('/').at(-1) ?? '');
      await this.#docker('cp', from, `${id}:${path}`).catch(() => undefined);
    }
    return id;
  }

  #inspected(service: string): Inspected {
    const inspected = this.#services.get(service);
    if (inspected === undefined) throw new Error(`the stack has no ${service}`);
    return inspected;
  }

  async #port(id: string, internal: number): Promise<string> {
    return (await this.#docker('port', id, String(internal))).split('\n')[0] ?? '';
  }

  async down(): Promise<void> {
    await this.#docker('rm', '--force', '--volumes', ...this.#made);
    await this.#docker('network', 'rm', this.#name);
    const volumes = [...this.#services.values()].flatMap(({ Mounts }) => Mounts.map(({ Name }) => Name));
    await this.#docker('volume', 'rm', ...new Set(volumes.map((name) => `${this.#name}-${name}`)));
  }
}

async function until(probe: () => Promise<string | undefined>): Promise<void> {
  while ((await probe()) === undefined) await sleep(POLL_MS);
}
