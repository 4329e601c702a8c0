/**
 * The targets, in the order of the reports. Each is the file of its name in targets/: that file and its line here are
 * all that a target takes. Its scenario `<name>_handshake`, its place in the contract and in the summary, its config
 * keys, its image and its Debian package follow from the two.
 */
export const TARGET_NAMES = [
  'nginx',
  'apache',
  'haproxy',
  'f5', // A mock.
] as const;
export type TargetName = (typeof TARGET_NAMES)[number];
