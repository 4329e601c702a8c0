/** Names of the stack's config keys that a person may set; Pulumi.yaml says what each is for. */
export const CONFIG_KEYS = [
  'subject',
  'subjectBinary',
  'subjectMigrations',
  'subjectImage',
  'standInFaults',
  'imageSource',
  'debianImage',
  'dockerHost',
  'dockerCertPath',
  'bindAddress',
  'ports',
  'certctlEnv',
  'postgresSettings',
  'limits',
] as const;
export type ConfigKey = (typeof CONFIG_KEYS)[number];
