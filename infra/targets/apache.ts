import type { TargetSpec } from '../target-specs.ts';

const CONF = '/etc/bench/httpd.conf';

export default {
  image: 'httpd:2.4-alpine',
  debianPackage: 'apache2',
  command: {
    official: ['httpd', '-DFOREGROUND', '-d', '/usr/local/apache2', '-f', CONF],
    debian: ['apache2', '-DFOREGROUND', '-d', '/usr/lib/apache2', '-f', CONF],
  },
  files: { [CONF]: { fixture: 'httpd.conf' } },
} satisfies TargetSpec;
