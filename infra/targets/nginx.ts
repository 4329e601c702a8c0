import type { TargetSpec } from '../target-specs.ts';

const CONF = '/etc/bench/nginx.conf';

export default {
  image: 'nginx:1.27-alpine',
  debianPackage: 'nginx-light',
  command: ['nginx', '-c', CONF, '-g', 'daemon off;'],
  files: { [CONF]: { fixture: 'nginx.conf' } },
} satisfies TargetSpec;
