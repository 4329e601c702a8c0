import type { TargetSpec } from '../target-specs.ts';

const CONF = '/etc/bench/haproxy.cfg';

export default {
  image: 'haproxy:2.9-alpine',
  debianPackage: 'haproxy',
  command: ['haproxy', '-W', '-db', '-f', CONF],
  // It drops to nobody itself, once it has read the key.
  user: 'root',
  files: { [CONF]: { fixture: 'haproxy.cfg' } },
} satisfies TargetSpec;
