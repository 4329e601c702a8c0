/** Programs of a test's own in front of PATH: what they are asked is written down, what they answer is a shell script. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export class FakePrograms implements AsyncDisposable {
  /** Folder of the programs. */
  readonly bin: string;

  private constructor(bin: string) {
    this.bin = bin;
  }

  /** @param scripts bodies of `sh` scripts by program name; `$0.state` is a file that a script may keep things in. */
  static async make(scripts: Record<string, string>): Promise<FakePrograms> {
    const programs = new FakePrograms(await mkdtemp(join(tmpdir(), 'fake-programs-')));
    for (const [name, script] of Object.entries(scripts)) await programs.add(name, script);
    return programs;
  }

  async add(name: string, script: string): Promise<void> {
    const file = join(this.bin, name);
    await writeFile(file, `#!/bin/sh\necho "$*" >> "$0.calls"\n${script}\n`);
    await chmod(file, 0o755);
  }

  /** PATH on which these come first. */
  get path(): string {
    return [this.bin, process.env.PATH].join(delimiter);
  }

  /** The arguments of every call so far, each as one line. */
  async calls(name: string): Promise<string[]> {
    const text = await readFile(join(this.bin, `${name}.calls`), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.bin, { recursive: true, force: true });
  }
}
