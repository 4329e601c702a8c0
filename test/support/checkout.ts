/** A copy of this checkout with state, config and fixtures of its own, in which the command line runs as it is. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../../runner/paths.ts';

const COPIED = ['infra', 'runner', 'fixtures', 'toolchain', 'package.json', 'Pulumi.yaml'];
/** What `setup` has made and all checkouts may share: they are only read. */
const SHARED = ['node_modules', '.bench/pulumi/versions', '.bench/pulumi/plugins', '.bench/pulumi/stamps'];

export interface Ending {
  code: number;
  stdout: string;
  stderr: string;
  /** The last line that begins with "bench:", and what follows it. */
  message: string;
  /** Time since `setup` was done: since the headline that names the stack. */
  seconds: number;
}

/** Runs the command line of `folder` to its end. */
export async function bench(folder: string, args: string[], env: Record<string, string>): Promise<Ending> {
  let started = performance.now();
  const run = execa(process.execPath, ['runner/bench.mjs', ...args], { cwd: folder, env, reject: false });
  run.stderr.on('data', (chunk: Buffer) => {
    if (/^Stack /m.test(chunk.toString())) started = performance.now();
  });
  const { exitCode = -1, stdout, stderr } = await run;
  const [, message = ''] = /(?:^|\n)bench: ([\s\S]*)$/.exec(stderr) ?? [];
  return { code: exitCode, stdout, stderr, message, seconds: (performance.now() - started) / 1000 };
}

export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'bench-checkout-'));
  readonly env: Record<string, string>;

  /** @param dockerHost the engine that `setup` found in the real checkout */
  constructor(dockerHost: string) {
    this.env = { DOCKER_HOST: dockerHost };
    mkdirSync(this.path('.bench/pulumi'), { recursive: true });
    for (const name of COPIED) cpSync(join(projectRoot, name), this.path(name), { recursive: true });
    for (const name of SHARED) symlinkSync(join(projectRoot, name), this.path(name));
    cpSync(join(projectRoot, '.bench/setup.json'), this.path('.bench/setup.json'));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  run(args: string[], env: Record<string, string> = {}): Promise<Ending> {
    return bench(this.folder, args, { ...this.env, ...env });
  }

  /** Starts the private engine of this checkout. @returns its address */
  async startEngine(): Promise<string> {
    const start = "console.log((await (await import('./runner/setup/engine.ts')).startPrivateEngine()).host)";
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', start], {
      cwd: this.folder,
    });
    return stdout;
  }

  docker(...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, ...this.env };
      execFile('docker', args, { env }, (error, stdout) => (error ? reject(error) : resolve(stdout.trim())));
    });
  }

  /** Changes a file of the copy. @returns what puts it back */
  edit(name: string, change: (text: string) => string): () => void {
    const before = readFileSync(this.path(name), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`nothing was changed in ${name}`);
    writeFileSync(this.path(name), after);
    return () => writeFileSync(this.path(name), before);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
