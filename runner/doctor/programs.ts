/** Programs on PATH: Node, the docker CLI, and what builds things where nothing can be downloaded. */
import { execa } from 'execa';
import { defaultHost } from '../setup/engine.ts';
import { missingParts } from '../setup/pulumi.ts';
import { isReachable } from '../setup/reachable.ts';
import { PULUMI_DOWNLOADS } from '../setup/setup.ts';
import type { Check, Finding } from './finding.ts';

const OLDEST_NODE = 24;

export const node: Check = async () => {
  const isNew = Number(process.versions.node.split('.')[0]) >= OLDEST_NODE;
  return {
    what: 'Node',
    state: isNew ? 'found' : 'missing',
    version: process.versions.node,
    from: process.execPath,
    ...(!isNew && { remedy: `npm ci brings Node ${OLDEST_NODE}; start with "npx bench"` }),
  };
};

export const dockerCli: Check = () =>
  program('docker CLI', 'docker', ['--version'], 'install it (package docker.io or docker-cli)');

/** Only where the engine is behind it. */
export const ssh: Check = async () => {
  const what = 'ssh';
  if (!(await defaultHost()).startsWith('ssh://'))
    return { what, state: 'not needed', from: 'the engine is not behind ssh://' };
  return program(what, 'ssh', ['-V'], 'install it (package openssh-client)');
};

/** Only where Pulumi has to be built. */
export const goCompiler: Check = async () => {
  const what = 'Go compiler';
  if (missingParts().length === 0) return { what, state: 'not needed', from: 'Pulumi is there' };
  if (await isReachable(PULUMI_DOWNLOADS))
    return { what, state: 'not needed', from: 'Pulumi can be downloaded' };
  return program(what, 'go', ['version'], 'install Go 1.25 or newer (package golang, or https://go.dev/dl)');
};

/** Version and place of a program. */
export async function program(what: string, name: string, args: string[], remedy: string): Promise<Finding> {
  const place = await execa('sh', ['-c', `command -v ${name}`], { reject: false });
  // ssh says its version on stderr.
  const { failed, all } = await execa(name, args, { reject: false, all: true });
  if (place.failed || failed) return { what, state: 'missing', from: `no "${name}" on PATH`, remedy };
  return { what, state: 'found', version: /\d+(?:\.\d+)+/.exec(all)?.[0], from: place.stdout };
}
