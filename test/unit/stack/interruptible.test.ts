import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cancelOnce } from '../../../runner/stack/interruptible.ts';

const HEARD = '^C received; cancelling. If you would like to terminate immediately, press ^C again.\n';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('cancelOnce', () => {
  it('does nothing as long as nobody interrupts', () => {
    const { signal, onOutput } = cancelOnce(new AbortController().signal);
    onOutput('Updating (dev):\n');
    vi.advanceTimersByTime(60_000);
    expect(signal.aborted).toBe(false);
  });

  it('tells the CLI when it has not said that it heard', () => {
    const interrupt = new AbortController();
    const { signal, onOutput } = cancelOnce(interrupt.signal);
    interrupt.abort();
    onOutput('creating nginx\n');
    expect(signal.aborted, 'it has a moment to say so').toBe(false);
    vi.advanceTimersByTime(1000);
    expect(signal.aborted).toBe(true);
  });

  it.each(['before', 'after'])('does not tell it again: it heard %s the command did', (when) => {
    const interrupt = new AbortController();
    const { signal, onOutput } = cancelOnce(interrupt.signal);
    if (when === 'before') onOutput(HEARD);
    interrupt.abort();
    vi.advanceTimersByTime(100);
    if (when === 'after') onOutput(HEARD);
    vi.advanceTimersByTime(60_000);
    expect(signal.aborted).toBe(false);
  });

  it('tells at once where the interrupt came before the operation', () => {
    expect(cancelOnce(AbortSignal.abort()).signal.aborted).toBe(true);
  });

  it('does not keep the process alive', () => {
    vi.useRealTimers();
    const interrupt = new AbortController();
    cancelOnce(interrupt.signal);
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    interrupt.abort();
    const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    expect(after).toBe(before);
  });
});
