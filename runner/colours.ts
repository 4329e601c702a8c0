/** Colours on a terminal only: a CI's log is none, whatever it says of itself. */
import type { WriteStream } from 'node:tty';
import pc from 'picocolors';

/** The colours to write to `stream` with; plain where it is no terminal or NO_COLOR is set. */
export const coloursFor = (stream: Pick<WriteStream, 'isTTY'>, env: NodeJS.ProcessEnv = process.env) =>
  pc.createColors(Boolean(stream.isTTY) && !env.NO_COLOR);
