import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchDir, projectRoot, resultsDir, runDir } from '../../runner/paths.ts';

describe('paths', () => {
  it('are those of the checkout, whichever folder one is in', () => {
    expect(existsSync(join(projectRoot, 'Pulumi.yaml'))).toBe(true);
    expect(benchDir).toBe(join(projectRoot, '.bench'));
    expect(resultsDir).toBe(join(projectRoot, 'results'));
  });

  it('leave room for the names of sockets', () => {
    // sun_path has 108 bytes; the engine appends names of up to 30 to its run directory.
    expect(Buffer.byteLength(runDir())).toBeLessThanOrEqual(70);
    expect(runDir()).toBe(runDir());
  });
});
