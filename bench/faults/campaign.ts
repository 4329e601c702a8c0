/**
 * Ctrl-C and SIGKILL at random moments of everything, and many stacks at once: nothing may be left of them.
 *
 *     node bench/faults/campaign.ts [interrupt|kill|repair|parallel ...] [--rounds 20] [--from 1] [--seed 1] [--stacks 8]
 *
 * The moments follow from the seed and the number of the round, so that `--from` continues. After each round the
 * engine's objects, the checkout's files, processes and listening ports and the temporary directory are compared with
 * those before it. Each round is a line; the last line counts those that left something, and its exit code is 1 if
 * there is one. `interrupt` strikes `loadtest` (up, load, down) with Ctrl-C, `kill` with SIGKILL of
 * the process group and all that came from it; `sweep` follows. `repair` kills `up` and `down` of a stack that stays;
 * the next `up` has to be green, and `down` to leave nothing. `parallel` brings that many ephemeral stacks up at once
 * while a persistent one runs a load, which must have no error.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import type { BenchContract } from '../../infra/outputs.ts';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { EXIT } from '../../runner/errors.ts';
import { REQUEST_KINDS } from '../../runner/plan/plan.ts';
import type { Engine } from '../../runner/setup/engine.ts';
import { bench, type Ended } from '../../test/e2e/support/cli.ts';
import { startEngine } from '../../test/e2e/support/engine.ts';
import { footprint, footprintsSince } from '../../test/e2e/support/footprint.ts';
import { leftovers, snapshot } from '../../test/e2e/support/leftovers.ts';
import { directoryOf, readSummary } from '../../test/e2e/support/results.ts';
import { servedFingerprint } from '../../test/e2e/support/servers.ts';
import { after, type Blow, strike } from '../../test/e2e/support/strike.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    stacks: { type: 'string', default: '8' },
  },
});
const from = Number(values.from);
const numbers = Array.from({ length: Number(values.rounds) }, (_, index) => from + index);
let failures = 0;

/** Uniform in [0, 1), the same for the same seed and place. */
function uniform(...place: (string | number)[]): number {
  const hash = createHash('sha256')
    .update([values.seed, ...place].join('/'))
    .digest();
  return hash.readUInt32BE() / 2 ** 32;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function tell(round: string, what: string, left: string[]): void {
  if (left.length > 0) failures += 1;
  console.log(`${round}  ${what}  left: ${left.length === 0 ? 'nothing' : left.join('; ')}`);
}

/** All six scenarios at ten a second. */
function profile(folder: string, name: string, length: number): string {
  const scenario = { executor: 'constant-arrival-rate', rate: 10, duration: `${length}s`, maxVUs: 500 };
  const scenarios = Object.fromEntries(REQUEST_KINDS.map((kind) => [kind, scenario]));
  const text = stringify(
    { name, scenarios, thresholds: { error_rate: ['rate==0'] } },
    { aliasDuplicateObjects: false },
  );
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, text);
  return path;
}

/** On a busy machine a run may be INVALID: its stack came, answered and went even so. */
const isSound = (exitCode: number | undefined) => exitCode === EXIT.passed || exitCode === EXIT.invalid;

const unmet = (load: Ended) =>
  readSummary(directoryOf(load)).thresholds.flatMap(({ ok, metric }) => (ok ? [] : `${metric} not held`));

/** How long a command takes when nobody strikes it: its moments are spread over that. */
async function timed(...args: string[]): Promise<number> {
  const started = performance.now();
  const { exitCode, stderr } = await bench(...args);
  if (!isSound(exitCode))
    throw new Error(`bench ${args.join(' ')} fails by itself (${exitCode}):\n${stderr}`);
  return performance.now() - started;
}

async function strikes(engine: Engine, blow: Blow, folder: string): Promise<void> {
  const loadtest = ['loadtest', '--profile', profile(folder, 'campaign', 5)];
  const whole = await timed(...loadtest);
  console.log(`${blow}: a loadtest that nobody strikes takes ${seconds(whole)}`);
  for (const round of numbers) {
    const at = uniform(blow, round) * whole;
    const { ended, phase, left } = await strike(engine, blow, loadtest, after(at), ['sweep', '--json']);
    tell(`${blow} ${round}`, `at ${seconds(at)} (${phase}), exit ${ended.exitCode ?? 'killed'}`, left);
  }
}

async function repairs(engine: Engine): Promise<void> {
  const stack = `campaign-${process.pid}`;
  const before = await snapshot(engine);
  const standing = footprint();
  const times = { up: await timed('up', '--stack', stack), down: await timed('down', '--stack', stack) };
  await startEngine();
  for (const round of numbers) {
    const command = round % 2 === 0 ? 'down' : 'up';
    if (command === 'down') await timed('up', '--stack', stack);
    const at = uniform('repair', round) * times[command];
    const struck = await strike(engine, 'kill', [command, '--stack', stack], after(at), [
      'up',
      '--stack',
      stack,
    ]);
    const down = await bench('down', '--stack', stack);
    // The last stack takes a private engine with it, which is asked here what is left.
    await startEngine();
    const left = [
      ...(await leftovers(engine, before, stack)),
      ...(await footprintsSince(standing)),
      ...down.temporary,
    ];
    if (struck.cleaned.exitCode !== 0) left.push(`up: ${struck.cleaned.stderr}`);
    if (down.exitCode !== 0) left.push(`down: ${down.stderr}`);
    tell(`repair ${round}`, `${command} killed at ${seconds(at)} (${struck.phase})`, left);
  }
}

async function parallel(engine: Engine, folder: string): Promise<void> {
  const stays = `campaign-${process.pid}`;
  const standing = footprint();
  await timed('up', '--stack', stays);
  const before = await snapshot(engine);
  const load = bench('load', '--stack', stays, '--profile', profile(folder, 'beside', 120));
  const started = performance.now();
  const ups = await Promise.all(
    Array.from({ length: Number(values.stacks) }, () => bench('up', '--ephemeral', '--json')),
  );
  const upAfter = performance.now() - started;
  for (const [index, { exitCode, stdout, stderr }] of ups.entries()) {
    const left: string[] = [];
    if (exitCode === 0) {
      const contract: BenchContract = JSON.parse(stdout);
      for (const target of TARGET_NAMES) await servedFingerprint(contract, target);
      const down = await bench('down', '--stack', contract.stack);
      if (down.exitCode !== 0) left.push(down.stderr);
      left.push(...(await leftovers(engine, before, contract.stack)));
    } else left.push(stderr);
    tell(`parallel ${index + 1}`, `all up after ${seconds(upAfter)}`, left);
  }
  const ended = await load;
  const [verdict] = ended.stdout.split('\n', 1);
  tell('parallel load', `beside them: ${verdict}`, isSound(ended.exitCode) ? unmet(ended) : [ended.stderr]);
  await timed('down', '--stack', stays);
  tell('parallel end', 'all down', await footprintsSince(standing));
}

const engine = await startEngine();
const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-campaign-'));
try {
  const chosen = positionals.length > 0 ? positionals : ['interrupt', 'kill', 'repair', 'parallel'];
  console.log(
    `campaign ${chosen.join(' ')}: seed ${values.seed}, rounds ${numbers.at(0)} to ${numbers.at(-1)}, ${values.stacks} stacks`,
  );
  if (chosen.includes('interrupt')) await strikes(engine, 'interrupt', folder);
  if (chosen.includes('kill')) await strikes(engine, 'kill', folder);
  if (chosen.includes('repair')) await repairs(engine);
  if (chosen.includes('parallel')) await parallel(engine, folder);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(failures === 0 ? 'Nothing was left.' : `${failures} rounds left something.`);
process.exitCode = failures === 0 ? 0 : 1;
