import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { describe, expect, it } from 'vitest';
import { type BenchError, EnvironmentError, EXIT } from '../../../runner/errors.ts';
import { Diagnostics } from '../../../runner/stack/failure.ts';

type Severity = 'info' | 'warning' | 'error';

/** An event as the engine sends it. */
const diagnostic = (message: string, severity: Severity = 'error'): EngineEvent => ({
  sequence: 1,
  timestamp: 1,
  diagnosticEvent: { message, severity, color: 'never', prefix: `${severity}: `, urn: '', streamID: 0 },
});

/** What the Automation API throws: all that the CLI printed. */
const cliFailure = (stderr: string) =>
  new Error(`code: 255\n stdout: Updating (dev):\n@ updating....\n\n stderr: ${stderr}\n\n`);

function failure(events: EngineEvent[], cause: unknown = cliFailure('')): BenchError {
  const diagnostics = new Diagnostics();
  for (const event of events) diagnostics.add(event);
  return diagnostics.toError('up', cause);
}

const UPDATE_FAILED = diagnostic('update failed\n');
const GATE =
  'exit status 1: running "exec node gate/main.ts":\n' +
  'nginx exited with code 1. Its last log lines:\nline one\nline two\n\n';

describe('Diagnostics', () => {
  it.each([
    [97, 'INVALID'],
    [99, 'BREACHED'],
  ])('says how the load of an up was judged, with its exit code %i', (code, verdict) => {
    const run = `exit status ${code}: running "exec node \\"runner/bench.mjs\\" load --outputs -":\nreport\n`;
    const error = failure([diagnostic(run), UPDATE_FAILED]);
    expect(error.exitCode).toBe(code);
    expect(error.message).toContain(`its load was ${verdict}`);
  });

  it('tells what a gate printed, without what ran it', () => {
    expect(failure([diagnostic(GATE), UPDATE_FAILED]).message).toBe(
      'up failed: nginx exited with code 1: line two; correct fixtures/nginx.conf and run "bench up" again' +
        '\n  nginx | line one\n  nginx | line two',
    );
  });

  it('keeps a command whole that printed nothing', () => {
    const event = diagnostic('exit status 3: running "exit 3":\n\n');
    expect(failure([event, UPDATE_FAILED]).message).toBe('up failed: exit status 3: running "exit 3":');
  });

  it('understands a command with quotes and newlines in it', () => {
    const event = diagnostic('exit status 1: running "echo \\"a\\nb\\" >&2; exit 1":\na\nb\n\n');
    expect(failure([event]).message).toBe('up failed: a b');
  });

  it('removes the colour markup', () => {
    const event = diagnostic(`<{%reset%}>${GATE}<{%reset%}>`);
    const markup = diagnostic('<{%fg 1%}>error<{%reset%}>: 2 errors\n');
    expect(failure([event]).message).toBe(failure([diagnostic(GATE)]).message);
    expect(failure([markup]).message).toBe('up failed: error: 2 errors');
  });

  it('tells a wrong config as the program said it, as an error of usage', () => {
    const text = "the stack's config is wrong: certctl-bench:bindAddress must be an IP address";
    expect(failure([diagnostic(`${text}\n`)])).toMatchObject({ exitCode: EXIT.usage, message: text });
  });

  it("tells an exception's message, without its stack trace", () => {
    const event = diagnostic(
      "Running program '/bench/infra/main.mjs' failed with an unhandled exception:\n" +
        "<ref *1> Error: ENOENT: no such file or directory, stat '/nowhere'\n" +
        '    at file:///bench/infra/main.mjs:4:39\n    at ModuleJob.run (node:internal)\n',
    );
    expect(failure([event]).message).toBe(
      "up failed: Error: ENOENT: no such file or directory, stat '/nowhere'",
    );
  });

  it('tells the first error, where none is known; the others follow from it, and warnings are none', () => {
    const events = [
      diagnostic('old plugin', 'warning'),
      diagnostic('resource "x" created', 'info'),
      diagnostic('\n'),
      UPDATE_FAILED,
      diagnostic('the cause\n'),
      diagnostic('a consequence\n'),
    ];
    expect(failure(events).message).toBe('up failed: the cause');
  });

  it('ignores events of other kinds', () => {
    const other: EngineEvent = { sequence: 1, timestamp: 1, cancelEvent: {} };
    expect(failure([other, diagnostic('x')]).message).toBe('up failed: x');
  });

  it('finds the words of the CLI where there was no diagnostic', () => {
    const cause = cliFailure(
      'error: the stack is currently locked by 1 lock(s). Either wait or run `pulumi cancel`.\n  file:///x',
    );
    expect(failure([], cause).message).toBe(
      'up failed: the stack is currently locked by 1 lock(s). Either wait or run `pulumi cancel`.',
    );
  });

  it.each([
    [new Error('spawn pulumi ENOENT'), 'spawn pulumi ENOENT'],
    ['a string', 'a string'],
  ])('says what there is to say of %s', (cause, words) => {
    expect(failure([], cause).message).toBe(`up failed: ${words}`);
  });

  it('is an error of the environment that keeps its cause', () => {
    const cause = cliFailure('');
    const error = failure([diagnostic('x')], cause);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect([error.exitCode, error.cause]).toEqual([EXIT.environment, cause]);
  });
});
