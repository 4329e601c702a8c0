import { NODE_IMAGE } from '../registry/reference.ts';
import type { TargetSpec } from '../target-specs.ts';

const SCRIPT = '/opt/bench/f5-mock.mjs';

/** A mock: a real BIG-IP is out of scope. */
export default {
  image: NODE_IMAGE,
  command: ['node', SCRIPT],
  files: { [SCRIPT]: { fixture: 'f5-mock/main.ts' } },
  sites: {
    envs: (sites) => [`F5_SITES=${sites.map(({ servername }) => servername).join()}`],
    deployment: ({ servername }) => ({
      type: 'F5',
      config: {
        ...{ host: 'f5', port: 8443, insecure: true },
        // The mock takes any.
        ...{ username: 'admin', password: 'bench' },
        ...{ partition: 'Common', ssl_profile: servername },
      },
    }),
  },
} satisfies TargetSpec;
