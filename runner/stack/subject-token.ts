/** The admin key of an external certctl: it comes by the environment and goes into the stack's config as a secret. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { TOKEN_KEY, TOKEN_VARIABLE } from '../../infra/config-keys.ts';
import { PROJECT, runPulumi } from './workspace.ts';

/** Keeps the token of the environment, if there is one, in the config of `stack`. */
export async function keepSubjectToken(stack: Stack, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const token = env[TOKEN_VARIABLE];
  if (!token) return;
  // By stdin: the command line of a process is no secret.
  const args = ['config', 'set', '--secret', `${PROJECT}:${TOKEN_KEY}`, '--stack', stack.name];
  await runPulumi(stack, args, token);
}
