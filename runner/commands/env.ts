import { Command } from 'commander';
import { setup } from '../setup/setup.ts';
import { findBackend } from '../stack/backend.ts';
import { pulumiEnvironment } from '../stack/environment.ts';
import { stackConfig } from '../stack/sources.ts';
import { jsonOption, say, setupOptions } from './options.ts';

/** `bench env` */
export function envCommand(): Command {
  return new Command('env')
    .description("print the shell variables with which plain Pulumi uses the bench's CLI, backend and engine")
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ eval "$(npx bench env)"\n  $ pulumi up')
    .action(async (flags: { json?: boolean }) => {
      const ready = await setup(setupOptions({}));
      const env = pulumiEnvironment(ready, findBackend());
      const { openStack, openWorkspace } = await import('../stack/workspace.ts');
      const workspace = await openWorkspace(ready);
      // Plain `pulumi up` wants a selected stack, with the choices of this machine in its config.
      const selected = await workspace.stack();
      if (selected === undefined) {
        await openStack(workspace, 'dev', (have) => stackConfig(ready, have, {}, say));
        say('Made and selected stack dev.');
      }
      if (flags.json) console.log(JSON.stringify(env, null, 2));
      else for (const [name, value] of Object.entries(env)) console.log(`export ${name}=${quoted(value)}`);
    });
}

/** For a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
