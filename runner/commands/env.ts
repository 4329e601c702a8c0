import { Command } from 'commander';
import { setup } from '../setup/setup.ts';
import { fileBackend, findBackend } from '../stack/backend.ts';
import { pulumiEnvironment } from '../stack/environment.ts';
import { runFolders } from '../stack/runs.ts';
import { stackConfig } from '../stack/sources.ts';
import { useEngineOf } from './engine-options.ts';
import { jsonOption, say, setupOptions, stackOption } from './options.ts';

interface Flags {
  stack?: string;
  json?: boolean;
}

/** `bench env` */
export function envCommand(): Command {
  return new Command('env')
    .description("print the shell variables with which plain Pulumi uses the bench's CLI, backend and engine")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nWith --stack they choose that stack, an ephemeral one too.\n\nExample:\n  $ eval "$(npx bench env)"\n  $ pulumi up',
    )
    .action(async (flags: Flags) => {
      const env = flags.stack === undefined ? await anyStack() : await oneStack(flags.stack);
      if (flags.json) console.log(JSON.stringify(env, null, 2));
      else for (const [name, value] of Object.entries(env)) console.log(`export ${name}=${quoted(value)}`);
    });
}

/** For the stack that is selected in Pulumi; where there is none, one is made. */
async function anyStack(): Promise<Record<string, string>> {
  const ready = await setup(setupOptions({}));
  const { openStack, openWorkspace } = await import('../stack/workspace.ts');
  const workspace = await openWorkspace(ready);
  // Plain `pulumi up` wants a selected stack, with the choices of this machine in its config.
  const selected = await workspace.stack();
  if (selected === undefined) {
    await openStack(workspace, 'dev', (have) => stackConfig(ready, have, {}, say));
    say('Made and selected stack dev.');
  }
  return pulumiEnvironment(ready, findBackend());
}

/** @throws UsageError where there is no such stack. */
async function oneStack(name: string): Promise<Record<string, string>> {
  const ready = await setup(setupOptions(useEngineOf({ stack: name })));
  const { openCurrent } = await import('../stack/open.ts');
  const { host, run } = await openCurrent(ready, name);
  const folders = run && runFolders(run);
  if (folders) say(`Stack ${name} is ephemeral and has a project of its own: pulumi -C ${folders.work}`);
  const machine = { installation: ready.installation, engine: { host } };
  return {
    ...pulumiEnvironment(machine, folders ? fileBackend(folders.state) : findBackend()),
    PULUMI_STACK: name,
  };
}

/** For a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
