import { inTarget } from '../agent/command.ts';
import type { Site } from '../sites.ts';
import type { TargetSpec } from '../target-specs.ts';

const CONF = '/etc/bench/httpd.conf';
const GRACEFUL = '/opt/bench/apache-graceful.sh';
/** Program and arguments that its commands have in common; the two images differ. */
const SERVER = {
  official: ['/usr/local/apache2/bin/httpd', '-d', '/usr/local/apache2', '-f', CONF],
  debian: ['/usr/sbin/apache2', '-d', '/usr/lib/apache2', '-f', CONF],
};

export default {
  image: 'httpd:2.4-alpine',
  debianPackage: 'apache2',
  command: {
    official: [...SERVER.official, '-DFOREGROUND'],
    debian: [...SERVER.debian, '-DFOREGROUND'],
  },
  files: { [CONF]: { fixture: 'httpd.conf' }, [GRACEFUL]: { fixture: 'apache-graceful.sh' } },
  sites: {
    files: (sites) => ({ '/etc/bench/sites.conf': { text: sites.map(virtualHost).join('\n') } }),
    deployment: ({ files }, layout) => ({
      type: 'Apache',
      config: {
        cert_path: `${files}.crt`,
        key_path: `${files}.key`,
        chain_path: `${files}.chain.crt`,
        validate_command: inTarget(...SERVER[layout], '-t'),
        reload_command: inTarget('sh', GRACEFUL, ...SERVER[layout]),
      },
    }),
  },
} satisfies TargetSpec;

const virtualHost = ({ servername, files }: Site) => `<VirtualHost *:8443>
    ServerName ${servername}
    SSLEngine on
    SSLProtocol -all +TLSv1.2 +TLSv1.3
    SSLCertificateFile ${files}.crt
    SSLCertificateKeyFile ${files}.key
    ErrorDocument 200 "apache"
    RedirectMatch 200 ^/$
    RedirectMatch 404 .
</VirtualHost>
`;
