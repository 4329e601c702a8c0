import { Command } from 'commander';
import { stopPrivateEngine } from '../setup/engine.ts';
import { say } from './options.ts';

/** `bench engine stop` */
export function engineCommand(): Command {
  const engine = new Command('engine').description('the private Docker engine of this checkout');
  engine
    .command('stop')
    .description('stop it; its images stay for the next start')
    .addHelpText('after', '\nExample:\n  $ bench engine stop')
    .action(async () => {
      say((await stopPrivateEngine()) ? 'The private engine has ended.' : 'No private engine was running.');
    });
  return engine;
}
