/** Entry of `pulumi up`: config -> program -> exported outputs. */
import { program } from './program.ts';
import { readConfig } from './read-config.ts';

export default program(readConfig());
