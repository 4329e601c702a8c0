/** Ctrl-C and SIGTERM: the first one ends what is going on in order, the second one at once. */
import { EXIT, type ExitCode } from './errors.ts';

export interface Interrupt {
  /** Aborts at the first signal. */
  signal: AbortSignal;
  /** Which signal it was. */
  received: () => 'SIGINT' | 'SIGTERM' | undefined;
  /** From now on a signal has its ordinary effect again. */
  dispose: () => void;
}

const CODES: Record<'SIGINT' | 'SIGTERM', ExitCode> = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated };

/** @param say told once, at the first signal, that the command is ending. */
export function catchInterrupt(say: (line: string) => void): Interrupt {
  const controller = new AbortController();
  let received: 'SIGINT' | 'SIGTERM' | undefined;
  const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
    if (received !== undefined) process.exit(CODES[received]);
    received = signal;
    say('Interrupted: cleaning up. Once more leaves at once and may leave containers behind.');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    received: () => received,
    dispose: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

/** Exit code of a command that a signal ended. */
export function interruptCode(interrupt: Interrupt): ExitCode | undefined {
  const signal = interrupt.received();
  return signal && CODES[signal];
}
