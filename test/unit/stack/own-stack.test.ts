import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError, EXIT } from '../../../runner/errors.ts';
import type { Interrupt } from '../../../runner/interrupt.ts';
import * as measuring from '../../../runner/measure.ts';
import type { Verdict } from '../../../runner/result/summary-schema.ts';
import * as downs from '../../../runner/stack/down.ts';
import * as ephemerals from '../../../runner/stack/ephemeral.ts';
import { type OwnStackOptions, runOnOwnStack } from '../../../runner/stack/own-stack.ts';
import * as publishing from '../../../runner/stack/publish.ts';
import * as ups from '../../../runner/stack/up.ts';
import * as workspaces from '../../../runner/stack/workspace.ts';
import { Stopwatch } from '../../../runner/stopwatch.ts';

vi.mock(import('../../../runner/measure.ts'), { spy: true });
vi.mock(import('../../../runner/stack/down.ts'), { spy: true });
vi.mock(import('../../../runner/stack/ephemeral.ts'), { spy: true });
vi.mock(import('../../../runner/stack/publish.ts'), { spy: true });
vi.mock(import('../../../runner/stack/up.ts'), { spy: true });
vi.mock(import('../../../runner/stack/workspace.ts'), { spy: true });

let directory: string;
let said: string[];
/** What was done, in order. */
let done: string[];

const measured = (verdict: Verdict) =>
  vi.mocked(measuring.measure).mockImplementation(async () => {
    done.push('load');
    const summary = { verdict } as measuring.Measurement['summary'];
    return { summary, directory, summaryJson: join(directory, 'summary.json'), cleanedUp: true };
  });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'own-stack-'));
  said = [];
  done = [];
  vi.mocked(ephemerals.makeEphemeral).mockResolvedValue({
    stack: { name: 'loadtest-1' },
    run: { name: 'loadtest-1', engine: 'unix:///engine.sock' },
  } as ephemerals.Ephemeral);
  const outputs = { bench: { subject: {}, postgres: {}, settings: {}, targets: {} } };
  vi.mocked(workspaces.parseOutputs).mockReturnValue(outputs as ReturnType<typeof workspaces.parseOutputs>);
  vi.mocked(ups.up).mockImplementation(async () => {
    done.push('up');
    return {};
  });
  vi.mocked(publishing.tryPublish).mockImplementation(async () => done.push('publish') > 0);
  vi.mocked(publishing.maskedOutputs).mockResolvedValue({ apiKey: '[secret]' });
  vi.mocked(downs.down).mockImplementation(async () => void done.push('down'));
  measured('PASSED');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

const run = (signal = new AbortController().signal, received: Interrupt['received'] = () => undefined) =>
  runOnOwnStack({
    name: 'loadtest-1',
    profile: { name: 'smoke' } as OwnStackOptions['profile'],
    ready: { engine: { host: 'unix:///engine.sock' } } as OwnStackOptions['ready'],
    placement: 'host',
    seed: 1,
    push: undefined,
    config: {},
    interrupt: { signal, received, dispose: () => {} },
    watch: new Stopwatch(),
    say: (line) => said.push(line),
    headline: () => {},
    verbose: undefined,
  });

const fails = (message: string) => () => Promise.reject(new EnvironmentError(message));

describe('a stack for one run', () => {
  it('is brought up, measured, published, and taken down', async () => {
    expect(await run()).toBe(EXIT.passed);
    expect(done).toEqual(['up', 'load', 'publish', 'down']);
    const kept = readFileSync(join(directory, 'stack-outputs.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual({ apiKey: '[secret]' });
  });

  it('is taken down when it does not come up, and the failure is what is told', async () => {
    vi.mocked(ups.up).mockImplementation(fails('up failed: nginx exited'));
    await expect(run()).rejects.toThrow('up failed: nginx exited');
    expect(done).toEqual(['down']);
  });

  it('is taken down when the run fails', async () => {
    vi.mocked(measuring.measure).mockImplementation(fails('the subject does not answer'));
    await expect(run()).rejects.toThrow('the subject does not answer');
    expect(done).toEqual(['up', 'down']);
  });

  it('is published and taken down on a breach', async () => {
    measured('BREACHED');
    expect(await run()).toBe(EXIT.breached);
    expect(done).toEqual(['up', 'load', 'publish', 'down']);
  });

  it('is not measured when an interrupt came while it came up', async () => {
    const interrupt = new AbortController();
    vi.mocked(ups.up).mockImplementation(async () => {
      done.push('up');
      interrupt.abort();
      return {};
    });
    await expect(run(interrupt.signal)).rejects.toThrow();
    expect(done).toEqual(['up', 'down']);
  });

  it('is not brought up when an interrupt came while it was made', async () => {
    await expect(run(AbortSignal.abort())).rejects.toThrow();
    expect(done).toEqual(['down']);
  });

  it('is taken down undisturbed by the interrupt that ended the run', async () => {
    const interrupt = new AbortController();
    measured('INTERRUPTED');
    vi.mocked(publishing.tryPublish).mockImplementation(async () => {
      interrupt.abort();
      return true;
    });
    vi.mocked(downs.down).mockImplementation(async (_stack, _host, options) => {
      expect(options.interrupt.aborted).toBe(false);
      done.push('down');
    });
    expect(await run(interrupt.signal, () => 'SIGTERM')).toBe(EXIT.terminated);
    expect(done).toContain('down');
  });
});

describe('what fails afterwards', () => {
  const publish = () => vi.mocked(publishing.tryPublish).mockResolvedValue(false);
  const keep = () => vi.mocked(publishing.maskedOutputs).mockImplementation(fails('no space left'));
  const takeDown = () => vi.mocked(downs.down).mockImplementation(fails('down failed: engine gone'));

  it.each([
    ['publish', publish],
    ['keeping the outputs', keep],
    ['down', takeDown],
  ])('%s turns a pass into 3, and hides no breach', async (_, breakIt) => {
    breakIt();
    expect(await run()).toBe(EXIT.environment);
    measured('BREACHED');
    expect(await run()).toBe(EXIT.breached);
  });

  it('a signal that ends the taking down is what the code says', async () => {
    let received: ReturnType<Interrupt['received']>;
    vi.mocked(downs.down).mockImplementation(async () => {
      received = 'SIGINT';
      throw new EnvironmentError('down failed: cancelled');
    });
    expect(await run(undefined, () => received)).toBe(EXIT.interrupted);
  });

  it('says what is left and what removes it', async () => {
    takeDown();
    await run();
    expect(said.join('\n')).toMatch(
      /down failed: engine gone[\s\S]*"bench down --stack loadtest-1" tries again/,
    );
  });

  it('says that outputs were not kept', async () => {
    keep();
    await run();
    expect(said.at(-1)).toBe("the stack's outputs were not kept: no space left");
  });
});
