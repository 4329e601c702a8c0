import type { EngineEvent, Stack, UpOptions } from '@pulumi/pulumi/automation/index.js';
import { describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { up } from '../../../runner/stack/up.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

/** An event that says that an operation on a resource has ended. */
const ended = (op: string, name: string) =>
  ({ resOutputsEvent: { metadata: { op, urn: `urn:pulumi:t::certctl-bench::x::${name}` } } }) as EngineEvent;

const OUTPUTS = { bench: { value: {}, secret: false } };

/** A stack whose `up` does this. */
const stackThat = (run: (options: UpOptions) => void) =>
  ({
    up: async (options: UpOptions) => {
      run(options);
      return { outputs: OUTPUTS };
    },
  }) as unknown as Stack;

async function linesOf(events: EngineEvent[]): Promise<string[]> {
  const lines: string[] = [];
  const stack = stackThat(({ onEvent }) => {
    for (const event of events) onEvent?.(event);
  });
  await up(stack, { interrupt: new AbortController().signal, say: (line) => lines.push(line) });
  return lines;
}

describe('up', () => {
  it('says of each service when it was ready', async () => {
    const lines = await linesOf([
      ended('create', 'postgres-server'),
      ended('create', 'postgres-ready'),
      ended('create', 'f5-ready'),
    ]);
    expect(lines.map((line) => line.trim())).toEqual([
      expect.stringMatching(/^postgres +ready after \d+\.\d s$/),
      expect.stringMatching(/^f5 +ready after/),
    ]);
  });

  it.each([
    ['deleted before', ['delete-replaced', 'replace', 'create-replacement']],
    ['deleted afterwards', ['create-replacement', 'replace', 'delete-replaced']],
  ])('says once that a replaced service is ready, its old gate being %s', async (_when, steps) => {
    const lines = await linesOf(steps.map((op) => ended(op, 'nginx-ready')));
    expect(lines).toEqual([expect.stringMatching(/^ +nginx +ready after/)]);
  });

  it('does not say so before the new gate has opened', async () => {
    expect(await linesOf([ended('delete-replaced', 'f5-ready'), ended('replace', 'f5-ready')])).toEqual([]);
  });

  it('says nothing of a second up that changes nothing, or of what is deleted', async () => {
    expect(await linesOf([ended('same', 'nginx-ready'), ended('delete', 'nginx-ready')])).toEqual([]);
  });

  it('says that the load of loadInUp begins, and not where it stays as it is', async () => {
    const begun = (op: string) =>
      ({
        resourcePreEvent: { metadata: { op, urn: 'urn:pulumi:t::certctl-bench::x::load-run' } },
      }) as EngineEvent;
    expect(await linesOf([begun('create')])).toEqual([expect.stringMatching(/^ +load +begun after/)]);
    expect(await linesOf([begun('same')])).toEqual([]);
  });

  it('gives the outputs', async () => {
    const calm = { interrupt: new AbortController().signal, say: () => {} };
    expect(
      await up(
        stackThat(() => {}),
        calm,
      ),
    ).toBe(OUTPUTS);
  });

  it('fails with the words of the first error', async () => {
    const stack = stackThat(({ onEvent }) => {
      onEvent?.({ diagnosticEvent: { severity: 'error', message: 'no space left' } } as EngineEvent);
      throw new Error('code: 255');
    });
    const failed = up(stack, { interrupt: new AbortController().signal, say: () => {} });
    await expect(failed).rejects.toThrow(EnvironmentError);
    await expect(failed).rejects.toThrow('up failed: no space left');
  });

  it('hands on what Pulumi prints, where it was asked for', async () => {
    const verbose = vi.fn();
    const stack = stackThat(({ onOutput, onError }) => {
      onOutput?.('out');
      onError?.('err');
    });
    await up(stack, { interrupt: new AbortController().signal, say: () => {}, verbose });
    expect(verbose.mock.calls.flat()).toEqual(['out', 'err']);
  });

  it('is cancelled by an interrupt', async () => {
    const stack = stackThat(({ signal }) => signal?.throwIfAborted());
    await expect(up(stack, { interrupt: AbortSignal.abort(), say: () => {} })).rejects.toThrow();
  });
});
