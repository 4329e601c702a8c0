import { inTarget } from '../agent/command.ts';
import type { TargetSpec } from '../target-specs.ts';

const CONF = '/etc/bench/haproxy.cfg';
const RELOAD = '/opt/bench/haproxy-reload.sh';
const CERTIFICATES = '/etc/bench/certificates.txt';
/** The first is for every name that no other is for. */
const STARTER = '/certs/target.pem\n';

export default {
  image: 'haproxy:2.9-alpine',
  debianPackage: 'haproxy',
  command: ['haproxy', '-W', '-db', '-f', CONF],
  // It drops to nobody itself, once it has read the key.
  user: 'root',
  files: {
    [CONF]: { fixture: 'haproxy.cfg' },
    [RELOAD]: { fixture: 'haproxy-reload.sh' },
    [CERTIFICATES]: { text: STARTER },
  },
  sites: {
    files: (sites) => {
      const lines = sites.map(({ files, servername }) => `${files}.pem ${servername}\n`);
      return { [CERTIFICATES]: { text: STARTER + lines.join('') } };
    },
    deployment: ({ files }) => ({
      type: 'HAProxy',
      config: {
        pem_path: `${files}.pem`,
        validate_command: inTarget('haproxy', '-c', '-f', CONF),
        reload_command: inTarget('sh', RELOAD),
      },
    }),
  },
} satisfies TargetSpec;
