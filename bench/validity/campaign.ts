/**
 * Whether a run is INVALID for the right reason, and only then: `bench load` against a server of this process, with
 * something wrong each time.
 *
 *     node bench/validity/campaign.ts [quiet|slow|starved|noisy|few-vus|rate-limited|resumed|swapped|
 *         swapped-untrusted|exhausted ...] [--rounds 10] [--seed 1]
 *
 * Each round is a line; the last line counts those that ended otherwise than they must, and its exit code is 1 if
 * there is one. `quiet` is the smoke profile, twice as often as the others, and wants a machine with nothing else to
 * do; `starved` wants a writable cgroup (root).
 */
import { parseArgs } from 'node:util';
import { attempt, CASES } from '../../test/e2e/support/validity/cases.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});

let wrong = 0;
for (const [name, one] of Object.entries(CASES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const rounds = Number(values.rounds) * (name === 'quiet' ? 2 : 1);
  for (let round = 0; round < rounds; round++) {
    const { exitCode, broken, isRight } = await attempt(one, Number(values.seed) * 1000 + round);
    if (!isRight) wrong++;
    console.log(
      `${isRight ? 'right' : 'WRONG'}  ${name} ${round + 1}/${rounds}  ${exitCode}  ${broken.join(' ')}`,
    );
  }
}
console.log(`${wrong} ended otherwise than they must (seed ${values.seed})`);
process.exitCode = wrong > 0 ? 1 : 0;
