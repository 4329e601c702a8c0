/** A stack in a checkout of its own, to be broken and repaired again and again. */
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { projectRoot } from '../../runner/paths.ts';
import { processesWith } from '../../runner/sweep/processes.ts';
import { bench, Checkout, type Ending } from './checkout.ts';

const LIMIT_SECONDS = 15;
/** By this the processes of a command are found, wherever they have gone. */
const MARK = 'BENCH_FAULTY_STACK';

export class FaultyStack {
  readonly name: string;
  readonly checkout: Checkout;
  /** How long each fault took until it was told, in seconds. */
  readonly failures: { message: string; seconds: number }[] = [];
  readonly #sound: string[];
  #slowest = 0;

  private constructor(name: string, ready: { engine: { host: string }; debianImage?: string }) {
    this.name = name;
    this.#sound = ['subject=stand-in', 'bindAddress=127.0.0.1', 'ports=', 'postgresSettings=', 'limits='];
    if (ready.debianImage) this.#sound.push(`debianImage=${ready.debianImage}`);
    this.checkout = new Checkout(ready.engine.host);
  }

  static async make(name: string): Promise<FaultyStack> {
    const { stdout } = await bench(projectRoot, ['setup', '--yes', '--json'], {});
    return new FaultyStack(name, JSON.parse(stdout));
  }

  /** `up` with a sound config, but for `config`. */
  up(config: string[] = [], env: Record<string, string> = {}): Promise<Ending> {
    const flags = [...this.#sound, ...config].flatMap((pair) => ['--config', pair]);
    return this.checkout.run(['up', '--stack', this.name, ...flags], env);
  }

  /** Begins an `up` with a sound config. @returns what ends it and all that it has started, by SIGKILL */
  start(): () => Promise<void> {
    const flags = this.#sound.flatMap((pair) => ['--config', pair]);
    const run = execa(process.execPath, ['runner/bench.mjs', 'up', '--stack', this.name, ...flags], {
      cwd: this.checkout.folder,
      env: { ...this.checkout.env, [MARK]: this.name },
      reject: false,
    });
    return async () => {
      for (const pid of processesWith(`${MARK}=${this.name}`)) process.kill(pid, 'SIGKILL');
      await run;
    };
  }

  /** The first line that a failing `up` says matches `message`. */
  async expectFailure(message: RegExp, config?: string[], env?: Record<string, string>): Promise<void> {
    const ending = await this.up(config, env);
    const { seconds } = ending;
    console.log(`failed after ${seconds.toFixed(1)} s: ${ending.message}`);
    expect(ending.message.split('\n')[0], ending.stderr).toMatch(message);
    expect(ending.code).toBe(3);
    this.failures.push({ message: ending.message, seconds });
  }

  async expectGreen(env?: Record<string, string>): Promise<void> {
    const ending = await this.up([], env);
    console.log(`green after ${ending.seconds.toFixed(1)} s`);
    expect(ending.code, ending.stderr).toBe(0);
    this.#slowest = Math.max(this.#slowest, ending.seconds);
  }

  /** On a machine so busy that a green `up` takes longer than 15 s, a failing one may take as long as that. */
  get limitSeconds(): number {
    return Math.max(LIMIT_SECONDS, this.#slowest);
  }

  /** Changes a file of the checkout; the end of the test, if nothing else, puts it back. */
  edit(file: string, change: (text: string) => string): () => void {
    const repair = this.checkout.edit(file, change);
    onTestFinished(repair);
    return repair;
  }

  /** Id of the container of a service; empty where there is none. */
  container(service: string): Promise<string> {
    const labels = [`certctl-bench.stack=${this.name}`, `certctl-bench.service=${service}`];
    return this.checkout.docker(
      'ps',
      '--quiet',
      ...labels.flatMap((label) => ['--filter', `label=${label}`]),
    );
  }

  /** Takes a container away; the next `up` makes it anew. */
  async kill(service: string): Promise<void> {
    await this.checkout.docker('rm', '--force', await this.container(service));
  }

  async sql(statement: string): Promise<void> {
    const argv = ['psql', '-h', '/tmp', '-U', 'certctl', '-d', 'postgres', '-c', statement];
    await this.checkout.docker('exec', '--user', 'postgres', await this.container('postgres'), ...argv);
  }

  async remove(): Promise<void> {
    const { code, stderr } = await this.checkout.run(['down', '--stack', this.name]);
    expect(code, stderr).toBe(0);
    this.checkout.remove();
  }
}
