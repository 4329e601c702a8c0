/** Entry of `pulumi up`: config -> program -> exported outputs. */
import { readConfig } from './config.ts';
import { program } from './program.ts';

export default program(readConfig());
