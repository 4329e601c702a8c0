/** The few questions that the gate asks the Docker engine, through the docker CLI. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** How often a container's own health check is asked for its verdict; a gate that opens sooner never asks. */
const HEALTH_POLL_MS = 2000;
const HEALTH_FORMAT = '{{with .State.Health}}{{.Status}} {{range .Log}}{{.Output}}{{end}}{{end}}';

/** What the health check said, once it has found the container unhealthy; never settles otherwise. */
export async function unhealthy(container: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    try {
      await sleep(HEALTH_POLL_MS, undefined, { signal });
      const { stdout } = await run('docker', ['container', 'inspect', '--format', HEALTH_FORMAT, container], {
        signal,
      });
      const [, words] = /^unhealthy ([\s\S]*)/.exec(stdout) ?? [];
      if (words !== undefined) return words.trim().split('\n').at(-1) ?? '';
    } catch {
      // An engine that is gone is told by exited().
      if (signal.aborted) return new Promise(() => {});
    }
  }
}

/** What the command printed inside the container, or undefined if it failed, as it does where `signal` aborted. */
export async function exec(
  container: string,
  argv: string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { stdout } = await run('docker', ['exec', container, ...argv], { signal });
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
