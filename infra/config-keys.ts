/** Names of the stack's config keys that a person may set; Pulumi.yaml says what each is for. */
export const CONFIG_KEYS = [
  'subject',
  'subjectBinary',
  'subjectMigrations',
  'subjectImage',
  'subjectCheckout',
  'subjectUrl',
  'subjectCaFile',
  'standInFaults',
  'imageSource',
  'imageRegistry',
  'imageLayout',
  'debianImage',
  'dockerHost',
  'dockerCertPath',
  'bindAddress',
  'ports',
  'certctlEnv',
  'postgresSettings',
  'limits',
  'agent',
  'agents',
  'agentPollMs',
  'agentBinary',
  'agentImage',
  'sites',
  'loadInUp',
] as const;
export type ConfigKey = (typeof CONFIG_KEYS)[number];

/** The one key that is a secret: by the environment or `pulumi config set --secret`, never on a command line. */
export const TOKEN_KEY = 'subjectToken';
export const TOKEN_VARIABLE = 'BENCH_SUBJECT_TOKEN';
