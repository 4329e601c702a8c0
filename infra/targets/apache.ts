import { readFixture } from '../bundle.ts';
import type { TargetSpec } from '../components/target.ts';

const CONF = '/etc/bench/httpd.conf';

export const apache: TargetSpec = {
  name: 'apache',
  image: 'apache',
  command: {
    official: ['httpd', '-DFOREGROUND', '-d', '/usr/local/apache2', '-f', CONF],
    debian: ['apache2', '-DFOREGROUND', '-d', '/usr/lib/apache2', '-f', CONF],
  },
  files: () => ({ [CONF]: readFixture('httpd.conf') }),
};
