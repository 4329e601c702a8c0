/** What is wrong with the config of the engine: the keys that depend on each other. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type EngineAddress, engineMachine, isLoopback, isRemote } from './address.ts';

/** As the docker CLI names them in the folder of DOCKER_CERT_PATH. */
const CERTIFICATE_FILES = ['ca.pem', 'cert.pem', 'key.pem'];

type EngineConfig = EngineAddress & { bindAddress: string };

/** Each problem with its key. Values that are wrong by themselves may be missing. */
export function engineProblems({
  dockerHost = '',
  dockerCertPath = '',
  bindAddress = '',
}: Partial<EngineConfig>) {
  const problems: [key: keyof EngineConfig, message: string][] = [];
  if (/^(tcp|ssh):\/\/./.test(dockerHost) && engineMachine(dockerHost) === undefined)
    problems.push(['dockerHost', 'must name a machine, as in tcp://host:2376 or ssh://user@host']);
  if (dockerCertPath) {
    const problem = certificatesProblem(dockerHost, dockerCertPath);
    if (problem) problems.push(['dockerCertPath', problem]);
  }
  if (dockerHost.startsWith('tcp:') && isRemote(dockerHost) && isLoopback(bindAddress))
    problems.push([
      'bindAddress',
      "must be an address of the engine's machine that this one reaches, or 0.0.0.0: with tcp:// no tunnel leads to its loopback (with ssh:// one does)",
    ]);
  return problems;
}

function certificatesProblem(dockerHost: string, folder: string): string | undefined {
  if (!dockerHost.startsWith('tcp:')) return 'goes with a dockerHost of tcp:// only';
  // The program's own folder is not the one in which the person typed the path.
  if (!isAbsolute(folder)) return 'must be an absolute path';
  const missing = CERTIFICATE_FILES.filter((name) => !existsSync(join(folder, name)));
  if (missing.length === 0) return undefined;
  return `must name a folder with ${CERTIFICATE_FILES.join(', ')}, and ${folder} has no ${missing.join(', ')}`;
}
