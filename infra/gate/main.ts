/**
 * The readiness gate: waits until one container can be used from where the generator stands, and fails at once,
 * with the container's last words, when it has exited. It runs as a local.Command; its settings are the
 * environment, its answer one line of JSON on stdout.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { exec, exited, lastWords, unhealthy } from './container.ts';
import { exitCode } from './exit-code.ts';
import { acceptsTls, answers, isListening } from './probe.ts';
import { readSettings } from './settings.ts';
import { throughTunnel } from './through-tunnel.ts';

const POLL_MS = 50;

const settings = readSettings(process.env);
const started = performance.now();
const elapsedMs = () => Math.round(performance.now() - started);

type Look = () => Promise<string | undefined>;

/** Asks all probes in order: what the last one answered, or undefined where one of them has no answer yet. */
async function lookOf(signal: AbortSignal): Promise<Look> {
  const { listening, answering } = await throughTunnel(settings);
  // The near end of a tunnel always accepts: there, only TLS tells that somebody listens at the far end.
  const accepts = settings.tunnel === '' ? isListening : acceptsTls;
  const probes: Look[] = [
    ...settings.exec.map((argv) => () => exec(settings.container, argv, signal)),
    ...listening.map((address) => () => accepts(address)),
    ...answering.map((url) => () => answers(url, settings)),
  ];
  return async () => {
    let answer: string | undefined = '';
    for (const probe of probes) {
      answer = await probe();
      if (answer === undefined) return undefined;
    }
    return answer;
  };
}

async function until(look: Look, signal: AbortSignal): Promise<string> {
  for (;;) {
    await sleep(POLL_MS, undefined, { signal });
    const answer = await look();
    if (answer !== undefined) return answer;
  }
}

async function run(): Promise<string> {
  const ending = new AbortController();
  const deadline = sleep(settings.deadlineMs, undefined, { signal: ending.signal }).then(() => {
    throw new Error(`is not ready after ${settings.deadlineMs / 1000} s`);
  });
  try {
    if (settings.oneShot) {
      const code = await Promise.race([exited(settings.container, ending.signal), deadline]);
      if (code !== 0) throw new Error(`failed with exit ${exitCode(code)}`);
      return await lastWords(settings.container, 1);
    }
    const look = await Promise.race([lookOf(ending.signal), deadline]);
    // Most are ready by now, and watching one takes a process.
    const answer = await Promise.race([look(), deadline]);
    if (answer !== undefined) return answer;
    const died = exited(settings.container, ending.signal).then((code) => {
      throw new Error(`exited with ${exitCode(code)}`);
    });
    const sick = unhealthy(settings.container, ending.signal).then((words) => {
      throw new Error(`is unhealthy${words && ` (${words})`}`);
    });
    return await Promise.race([until(look, ending.signal), died, sick, deadline]);
  } finally {
    ending.abort();
  }
}

try {
  const answer = await run();
  console.log(JSON.stringify({ readyAfterMs: elapsedMs(), answer }));
  process.exit(0);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  const words = await lastWords(settings.container, 15);
  console.error(`${settings.name} ${reason}. Its last log lines:\n${words || '(it logged nothing)'}`);
  process.exit(1);
}
