/** How far away the subject is. */
import { once } from 'node:events';
import { connect } from 'node:net';

const TIMES = 5;
const TIMEOUT_MS = 2000;

/** Median time of a TCP connect, ms; null where one of them failed. */
export async function roundTripMs(host: string, port: number): Promise<number | null> {
  const times: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const started = performance.now();
    const socket = connect({ host, port, signal: AbortSignal.timeout(TIMEOUT_MS) });
    try {
      await once(socket, 'connect');
    } catch {
      return null;
    } finally {
      socket.destroy();
    }
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)] ?? null;
}
