/** certctl's own settings, by config: everything but what the bench decides and what is secret. */
import { type Settings, settingsSchema } from './settings-schema.ts';

/** What the stack depends on: addresses, certificates, keys. */
const OF_THE_BENCH = [
  'DATABASE_URL',
  'SERVER_HOST',
  'SERVER_PORT',
  'SERVER_TLS_CERT_PATH',
  'SERVER_TLS_KEY_PATH',
  'AUTH_TYPE',
  'AUTH_SECRET',
  'API_KEYS_NAMED',
  'AGENT_BOOTSTRAP_TOKEN',
  'AGENT_BOOTSTRAP_TOKEN_DENY_EMPTY',
  'CONFIG_ENCRYPTION_KEY',
].map((name) => `CERTCTL_${name}`);

/** What the bench sets where nothing else is said, because certctl's own default would measure something else. */
export const CERTCTL_DEFAULTS: Settings = {
  // The limiter is per client address, and the generator is one client.
  CERTCTL_RATE_LIMIT_ENABLED: 'false',
  // At its default of 30 s the job processor takes deployments away from the agents.
  CERTCTL_SCHEDULER_JOB_PROCESSOR_INTERVAL: '24h',
};

/** The stand-in has no others. */
export const STAND_IN_SETTINGS = ['CERTCTL_DATABASE_MAX_CONNS', 'CERTCTL_MAX_BODY_SIZE'];

const SECRET_WORD = /_(SECRETS?|PASSWORDS?|PASSPHRASE|TOKENS?|KEYS?|HMAC|CREDENTIALS?)(_|$)/;
const CREDENTIALS_IN_URL = /:\/\/[^/]*:[^/]*@/;

/** `certctlEnv`. The config and the outputs hold the values in plain text, so that secrets are refused. */
export const certctlEnvSchema = settingsSchema(
  'of settings, such as {"CERTCTL_DATABASE_MAX_CONNS": 100}',
  (name, value) => {
    if (!/^CERTCTL_[A-Z0-9_]+$/.test(name)) return 'is no setting of certctl: they begin with CERTCTL_';
    if (OF_THE_BENCH.includes(name)) return 'is set by the bench itself';
    if (name === 'CERTCTL_DEMO_SEED') return 'would make certctl scan private networks at its start';
    if (SECRET_WORD.test(name) || CREDENTIALS_IN_URL.test(value))
      return 'is a secret, and settings are kept in plain text';
    return undefined;
  },
);
