import { readFixture } from '../bundle.ts';
import type { TargetSpec } from '../components/target.ts';

const CONF = '/etc/bench/haproxy.cfg';
const command = ['haproxy', '-W', '-db', '-f', CONF];

export const haproxy: TargetSpec = {
  name: 'haproxy',
  image: 'haproxy',
  command: { official: command, debian: command },
  // It drops to nobody itself, once it has read the key.
  user: 'root',
  files: () => ({ [CONF]: readFixture('haproxy.cfg') }),
};
