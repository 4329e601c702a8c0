import { readFixture } from '../bundle.ts';
import type { TargetSpec } from '../components/target.ts';

const CONF = '/etc/bench/nginx.conf';
const command = ['nginx', '-c', CONF, '-g', 'daemon off;'];

export const nginx: TargetSpec = {
  name: 'nginx',
  image: 'nginx',
  command: { official: command, debian: command },
  files: () => ({ [CONF]: readFixture('nginx.conf') }),
};
