/** A server of known behaviour in a process of its own, so that it can be stopped and killed. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Endpoints } from '../../runner/engine/contract.ts';

interface Told {
  port: number;
  endpoints: Endpoints;
}

export interface ServerProcess extends AsyncDisposable {
  endpoints: Endpoints;
  process: ChildProcess;
}

export async function startServerProcess(): Promise<ServerProcess> {
  const child = fork(import.meta.filename, ['serve'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ endpoints }] = (await once(child, 'message')) as [Told];
  return {
    endpoints,
    process: child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

if (process.argv[2] === 'serve') {
  const { startServer } = await import('./https-server.ts');
  const { port, endpoints } = await startServer();
  process.send?.({ port, endpoints } satisfies Told);
  process.once('disconnect', () => process.exit());
}
