/** The live view of a run: a table that is redrawn on a terminal, a plain line now and then elsewhere. */
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Progress } from '../engine/contract.ts';
import { progressLine, progressTable } from './progress-view.ts';

const LINE_EVERY_MS = 10_000;

export interface LiveProgress {
  /** To be called as often as the engine reports, once a second. */
  update(progress: Progress): void;
  /** A line that stays. */
  say(line: string): void;
  /** Leaves the last state where it is and gives the stream back. */
  done(): void;
}

/** `stream` is process.stderr or the like. NO_COLOR in the environment keeps a terminal's view plain. */
export function liveProgress(
  stream: NodeJS.WritableStream & { isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): LiveProgress {
  return stream.isTTY ? redrawn(stream, !env.NO_COLOR) : lines(stream);
}

function redrawn(stream: NodeJS.WritableStream, color: boolean): LiveProgress {
  const colors = pc.createColors(color);
  const draw = createLogUpdate(stream);
  return {
    update: (progress) => draw(progressTable(progress, colors)),
    say: (line) => draw.persist(line),
    done: () => draw.done(),
  };
}

function lines(stream: NodeJS.WritableStream): LiveProgress {
  let due = LINE_EVERY_MS;
  let unwritten: Progress | undefined;
  const write = (progress: Progress) => stream.write(`${progressLine(progress)}\n`);
  return {
    say: (line) => void stream.write(`${line}\n`),
    update(progress) {
      unwritten = progress;
      if (progress.elapsedMs < due) return;
      write(progress);
      unwritten = undefined;
      due = (Math.floor(progress.elapsedMs / LINE_EVERY_MS) + 1) * LINE_EVERY_MS;
    },
    done() {
      if (unwritten) write(unwritten);
      unwritten = undefined;
    },
  };
}
