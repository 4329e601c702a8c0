import { Command } from 'commander';
import { setup } from '../setup/setup.ts';
import {
  imagesOption,
  jsonOption,
  type SetupFlags,
  say,
  setupOptions,
  toolchainOption,
  yesOption,
} from './options.ts';

/** `bench setup` */
export function setupCommand(): Command {
  return new Command('setup')
    .description('find or install what the bench needs: Docker engine, images, Pulumi and its plugins')
    .addOption(yesOption())
    .addOption(imagesOption())
    .addOption(toolchainOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ bench setup --yes')
    .action(async (flags: SetupFlags & { json?: boolean }) => {
      const { engine, installation, imageSource, debianImage } = await setup(setupOptions(flags));
      if (flags.json) {
        console.log(JSON.stringify({ engine, pulumi: installation, imageSource, debianImage }, null, 2));
        return;
      }
      say(`Docker engine  ${engine.version}, ${engine.kind}, ${engine.host}`);
      say(
        `Images         ${imageSource === 'debian' ? `Debian packages, ${debianImage}` : 'container registry'}`,
      );
      say(
        `Pulumi         ${installation.kind === 'own' ? 'your own' : 'of the bench'}, ${installation.root}`,
      );
      say('Everything is there.');
    });
}
