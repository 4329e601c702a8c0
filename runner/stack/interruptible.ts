/**
 * Cancelling Pulumi exactly once. On a terminal, Ctrl-C reaches the CLI as well as us, and a second SIGINT would
 * make it drop everything instead of ending in order; without one, nobody but us tells it. So it is told only
 * when it has not said by itself that it heard.
 */
const HEARD = /\^C received/;
const PATIENCE_MS = 400;

export interface Cancellation {
  /** For the Automation API: aborts when the CLI has to be told. */
  signal: AbortSignal;
  /** For the Automation API: what the CLI prints. */
  onOutput: (text: string) => void;
}

export function cancelOnce(interrupt: AbortSignal): Cancellation {
  const tell = new AbortController();
  let heard = false;
  const onInterrupt = () => {
    setTimeout(() => {
      if (!heard) tell.abort();
    }, PATIENCE_MS).unref();
  };
  if (interrupt.aborted) tell.abort();
  else interrupt.addEventListener('abort', onInterrupt, { once: true });
  return {
    signal: tell.signal,
    onOutput: (text) => {
      heard ||= HEARD.test(text);
    },
  };
}
