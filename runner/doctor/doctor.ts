/** Everything that the bench needs on a machine, in the order in which it needs it. It looks and changes nothing. */
import { dockerEngine, images, iptables, mmdebstrap } from './engine.ts';
import type { Check, Finding } from './finding.ts';
import { diskSpace, resultsDirectory, stateDirectory } from './folders.ts';
import { locks } from './locks.ts';
import { dockerCli, goCompiler, node, ssh } from './programs.ts';
import { backend, languageHost, plugins, pulumiCli } from './pulumi.ts';

const CHECKS: Check[] = [
  ...[node, dockerCli, ssh, dockerEngine, iptables, images, mmdebstrap],
  ...[pulumiCli, languageHost, ...plugins, goCompiler],
  ...[backend, stateDirectory, resultsDirectory, diskSpace, locks],
];

export function examine(): Promise<Finding[]> {
  return Promise.all(CHECKS.map((check) => check()));
}
