/** The folder that holds `.bench/` and `results/`: that of the checkout, or the person's own of an installed bench. */
import { join } from 'node:path';

/** The command line names it; a plain `pulumi up` is one of a checkout. */
export const home = process.env.BENCH_HOME ?? join(import.meta.dirname, '..');
