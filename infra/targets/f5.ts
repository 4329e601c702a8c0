import { bundleFixture } from '../bundle.ts';
import type { TargetSpec } from '../components/target.ts';

const SCRIPT = '/opt/bench/f5-mock.mjs';
const command = ['node', SCRIPT];

/** A mock: a real BIG-IP is out of scope. */
export const f5: TargetSpec = {
  name: 'f5',
  image: 'node',
  command: { official: command, debian: command },
  files: () => ({ [SCRIPT]: bundleFixture('f5-mock/main.ts') }),
};
