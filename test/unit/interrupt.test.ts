import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const MODULE = join(import.meta.dirname, '../../runner/interrupt.ts');

/** A command that cleans up for a while when it is interrupted; with `disposed`, it has stopped listening. */
function command({ cleanUpMs, disposed = false }: { cleanUpMs: number; disposed?: boolean }) {
  const script = `
    import { catchInterrupt, interruptCode } from ${JSON.stringify(MODULE)};
    const interrupt = catchInterrupt((line) => console.error(line));
    const alive = setInterval(() => {}, 1000);
    interrupt.signal.addEventListener('abort', async () => {
      await new Promise((resolve) => setTimeout(resolve, ${cleanUpMs}));
      console.log('cleaned up', interrupt.received());
      process.exitCode = interruptCode(interrupt);
      clearInterval(alive);
    });
    ${disposed ? 'interrupt.dispose();' : ''}
    console.log('ready');`;
  const child = execa(process.execPath, ['--input-type=module', '--eval', script], {
    reject: false,
    timeout: 20_000,
  });
  return { child, ready: once(child.stdout, 'data') };
}

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s lets the command end in order, with exit code %i', async (signal, code) => {
    const { child, ready } = command({ cleanUpMs: 10 });
    await ready;
    child.kill(signal);
    const { exitCode, stdout, stderr } = await child;
    expect([exitCode, stdout]).toEqual([code, `ready\ncleaned up ${signal}`]);
    expect(stderr).toMatch(/^Interrupted: cleaning up\. Once more leaves at once[^\n]*$/);
  });

  it('a second time ends it at once, with the code of the first', async () => {
    const { child, ready } = command({ cleanUpMs: 60_000 });
    await ready;
    child.kill('SIGTERM');
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    const { exitCode, stdout } = await child;
    expect([exitCode, stdout]).toEqual([143, 'ready']);
  });

  it('has its ordinary effect again when the command has stopped listening', async () => {
    const { child, ready } = command({ cleanUpMs: 60_000, disposed: true });
    await ready;
    child.kill('SIGINT');
    expect(await child).toMatchObject({ signal: 'SIGINT', stdout: 'ready' });
  });
});
