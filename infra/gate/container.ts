/** The few questions that the gate asks the Docker engine, through the docker CLI. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Exit code of the container, once it has ended; never settles after `signal` aborted. */
export async function exited(container: string, signal: AbortSignal): Promise<number> {
  try {
    const { stdout } = await run('docker', ['wait', container], { signal });
    return Number(stdout.trim());
  } catch (error) {
    if (signal.aborted) return new Promise(() => {});
    throw new Error(`cannot be watched: ${firstLine(error)}`);
  }
}

/** What the command printed inside the container, or undefined if it failed. */
export async function exec(container: string, argv: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('docker', ['exec', container, ...argv]);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** The last `lines` lines of the container's log, both streams. */
export async function lastWords(container: string, lines: number): Promise<string> {
  try {
    const { stdout, stderr } = await run('docker', ['logs', '--tail', String(lines), container]);
    return `${stdout}${stderr}`.trim();
  } catch (error) {
    return `(no log: ${firstLine(error)})`;
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split('\n')[0] ?? '';
}
