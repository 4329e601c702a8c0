import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stopwatch } from '../../runner/stopwatch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lasting = (ms: number) => new Promise<string>((resolve) => setTimeout(resolve, ms, 'done'));

describe('Stopwatch', () => {
  it('tells each part in the order in which they ended, and the whole', async () => {
    const watch = new Stopwatch();
    const up = watch.time('up', lasting(12_345));
    await vi.advanceTimersByTimeAsync(12_345);
    expect(await up).toBe('done');
    await vi.advanceTimersByTimeAsync(1000);
    const down = watch.time('down', lasting(40));
    await vi.advanceTimersByTimeAsync(40);
    await down;
    expect(watch.summary()).toBe('up 12.3 s, down 0.0 s; in all 13.4 s');
  });

  it('counts a part that fails, and lets it fail', async () => {
    const watch = new Stopwatch();
    const failing = watch.time(
      'up',
      lasting(2000).then(() => Promise.reject(new Error('no space left'))),
    );
    const failed = expect(failing).rejects.toThrow('no space left');
    await vi.advanceTimersByTimeAsync(2000);
    await failed;
    expect(watch.summary()).toBe('up 2.0 s; in all 2.0 s');
  });
});
