import { NODE_IMAGE } from '../registry/reference.ts';
import type { TargetSpec } from '../target-specs.ts';

const SCRIPT = '/opt/bench/f5-mock.mjs';

/** A mock: a real BIG-IP is out of scope. */
export default {
  image: NODE_IMAGE,
  command: ['node', SCRIPT],
  files: { [SCRIPT]: { fixture: 'f5-mock/main.ts' } },
} satisfies TargetSpec;
