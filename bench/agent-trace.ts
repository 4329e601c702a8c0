/**
 * What the agents of a stack that is up call in one renewal on each target, as the server's audit log has it:
 *
 *     node bench/agent-trace.ts STACK [certctl, as the record is to name it]
 *
 * Of a stack with certctl's own server and agents its output is test/e2e/support/agent-traces.json, with which the
 * simulated agent is compared (test/e2e/deploy-faults.test.ts). With polls each 30 s it takes up to a minute and a half.
 */
import { benchOutputsSchema } from '../infra/outputs.ts';
import { recordTraces } from '../test/e2e/support/agent-trace.ts';
import { plainPulumi } from '../test/e2e/support/pulumi.ts';

const PATIENCE_MS = 150_000;

const [stack, certctl] = process.argv.slice(2);
if (stack === undefined) throw new Error('which stack? node bench/agent-trace.ts STACK');
const pulumi = await plainPulumi();
const json = await pulumi('stack', 'output', '--stack', stack, '--json', '--show-secrets');
const outputs = benchOutputsSchema.parse(JSON.parse(json));
const source = {
  certctl: certctl ?? outputs.bench.subject.version,
  agent: outputs.bench.deploy?.agent,
  recorded: new Date().toISOString().slice(0, 10),
  command: 'node bench/agent-trace.ts',
};
console.log(JSON.stringify({ source, traces: await recordTraces(outputs, PATIENCE_MS) }, null, 2));
