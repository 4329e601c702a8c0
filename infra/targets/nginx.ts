import { inTarget } from '../agent/command.ts';
import type { Site } from '../sites.ts';
import type { TargetSpec } from '../target-specs.ts';

const CONF = '/etc/bench/nginx.conf';

export default {
  image: 'nginx:1.27-alpine',
  debianPackage: 'nginx-light',
  command: ['nginx', '-c', CONF, '-g', 'daemon off;'],
  files: { [CONF]: { fixture: 'nginx.conf' } },
  sites: {
    files: (sites) => ({ '/etc/bench/sites.conf': { text: sites.map(server).join('\n') } }),
    deployment: ({ files }) => ({
      type: 'NGINX',
      config: {
        cert_path: `${files}.crt`,
        key_path: `${files}.key`,
        validate_command: inTarget('nginx', '-t', '-c', CONF),
        reload_command: inTarget('nginx', '-c', CONF, '-s', 'reload'),
      },
    }),
  },
} satisfies TargetSpec;

const server = ({ servername, files }: Site) => `server {
    listen 8443 ssl;
    server_name ${servername};
    access_log off;
    ssl_certificate     ${files}.crt;
    ssl_certificate_key ${files}.key;
    ssl_protocols       TLSv1.2 TLSv1.3;
    location = / {
        return 200 "nginx\\n";
    }
}
`;
