import { execFileSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../runner/paths.ts';

it('gives way to others, with all that is started afterwards', () => {
  const child = "require('node:child_process').execFileSync('nice', { encoding: 'utf8' })";
  const script = `import('${join(projectRoot, 'runner/give-way.ts')}').then(({ giveWay }) => { giveWay(); process.stdout.write(${child}); })`;
  const nice = Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
  expect(nice).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
});
