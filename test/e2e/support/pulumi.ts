/** Plain Pulumi, as a person uses it after `eval "$(npx bench env)"`. */
import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';
import { projectRoot } from '../../../runner/paths.ts';
import { bench, plainEnvironment } from './cli.ts';

export type Pulumi = (...args: string[]) => Promise<string>;

/**
 * @param ephemeral name of the stack, where it is one with a backend of its own
 * @returns a function that runs `pulumi ...args` and gives back its stdout
 */
export async function plainPulumi(ephemeral?: string): Promise<Pulumi> {
  const { stdout: json } = await bench('env', '--json', ...(ephemeral ? ['--stack', ephemeral] : []));
  const env = { ...plainEnvironment(), ...JSON.parse(json) };
  return async (...args) => {
    const { stdout } = await execa('pulumi', args, {
      cwd: projectRoot,
      env,
      extendEnv: false,
      stdin: 'ignore',
    });
    return stdout;
  };
}

/** `pulumi up`: what it says it did, by operation, and to which resources that were not left as they are. */
export async function pulumiUp(pulumi: Pulumi, stack: string) {
  const lines = (await pulumi('up', '--stack', stack, '--yes', '--skip-preview', '--json')).split('\n');
  const events: EngineEvent[] = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  const counts = events.flatMap(({ summaryEvent }) => summaryEvent?.resourceChanges ?? []).at(-1);
  const changed = events
    .flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? [])
    .filter(({ op }) => op !== 'same' && op !== 'refresh')
    .map(({ urn }) => urn.split('::').at(-1) ?? '');
  return { counts, changed: [...new Set(changed)].sort() };
}
