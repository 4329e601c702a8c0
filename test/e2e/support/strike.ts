/** A command that is struck at some moment, and what is left once somebody has cleaned up after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../runner/setup/engine.ts';
import { bench, type Ended, type Running, startBench } from './cli.ts';
import { footprint, footprintsSince } from './footprint.ts';
import { leftovers, snapshot } from './leftovers.ts';

/** `interrupt` as Ctrl-C in a terminal, `kill` as when the machine ends all at once. */
export type Blow = 'interrupt' | 'kill';

export interface Struck {
  ended: Ended;
  /** What it was doing: the last headline that it said. */
  phase: string;
  /** What cleaning up said. */
  cleaned: Ended;
  /** What is there now and was not before: objects of the engine, files, processes, listening ports. */
  left: string[];
}

/**
 * @param moment resolves when it is time to strike
 * @param cleanUp the command that is to leave nothing
 */
export async function strike(
  engine: Engine,
  blow: Blow,
  args: string[],
  moment: (running: Running) => Promise<unknown>,
  cleanUp: string[],
): Promise<Struck> {
  const before = await snapshot(engine);
  const standing = footprint();
  const running = startBench(args);
  await Promise.race([moment(running), running.ended]);
  const phase = phaseOf(running.sofar().stderr);
  hit(running, blow);
  const ended = await running.ended;
  const cleaned = await bench(...cleanUp);
  const stack = nameOf(ended.stderr);
  const left = [
    ...(await leftovers(engine, before, stack ?? 'none')),
    // Of a command that was killed, those are an orphan's last moments.
    ...(blow === 'kill' ? [] : [...ended.survivors, ...ended.temporary]),
    ...(await footprintsSince(standing)),
    ...cleaned.survivors,
    ...cleaned.temporary,
    ...(cleaned.exitCode === 0 ? [] : [`${cleanUp[0]} ended with ${cleaned.exitCode}: ${cleaned.stderr}`]),
  ];
  return { ended, phase, cleaned, left };
}

function hit(running: Running, blow: Blow): void {
  try {
    if (blow === 'interrupt') running.signal('SIGINT', 'group');
    else running.killAll();
  } catch {
    // It has ended by itself.
  }
}

export const after = (ms: number) => () => sleep(ms);

const nameOf = (stderr: string) => /^Stack (\S+)$/m.exec(stderr)?.[1];

/** The last line at the left margin, which is where headlines stand. */
function phaseOf(stderr: string): string {
  return stderr.match(/^\S.*$/gm)?.at(-1) ?? 'starting';
}
