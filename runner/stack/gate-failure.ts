/** A container that did not become ready, as infra/gate tells it. */
import { TARGETS } from '../../infra/target-specs.ts';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { knownFailure } from './known-failures.ts';

const SAID = /^(?:[\s\S]*\n)?(\S+) ([^\n]+?)\. Its last log lines:\n([\s\S]*)$/;
/** The line of a log that names the fault rather than its consequences. */
const TELLING = /error|emerg|fatal|alert|crit|panic|cannot|fail|denied|refused|not found/i;

const BUILD_REMEDY = 'correct the checkout and run "bench up" again (--verbose shows the whole build)';

/** The service, what it did, the remedy, and below it the end of its log; undefined where `text` is not of a gate. */
export function gateFailure(text: string): string | undefined {
  const [, service = '', reason = '', log = ''] = SAID.exec(text) ?? [];
  if (service === '') return undefined;
  const lines = log.trim().split('\n');
  const known = knownFailure(`${reason}\n${log}`)?.words;
  const cause = known ?? tellingOf(lines);
  const isBuild = reason.startsWith('could not be built');
  const remedy = known === undefined ? `; ${isBuild ? BUILD_REMEDY : remedyFor(service)}` : '';
  const words = lines.map((line) => `\n  ${service} | ${line}`).join('');
  // What could not be asked is said by the cause.
  const did = reason.replace(/^cannot be watched: .*/, 'cannot be watched');
  return `${service} ${did}: ${cause}${remedy}${words}`;
}

/**
 * The Docker plugin looks at a container just after its start and removes one that has exited already, its log with
 * it. Services start a moment later for that reason; on a busy machine that can be too soon.
 */
export function lostContainer(text: string, service = 'a container'): string | undefined {
  if (!/container exited immediately|exited after creation/.test(text)) return undefined;
  return `${service} exited right after its start, before its log could be read; ${remedyFor(service)}`;
}

function tellingOf(lines: string[]): string {
  const index = lines.findIndex((line) => TELLING.test(line));
  const line = (lines.at(index) ?? '').trim();
  return line.endsWith(':') ? `${line} ${lines[index + 1]?.trim() ?? ''}` : line;
}

function remedyFor(service: string): string {
  const file = configurationOf(service);
  return file
    ? `correct ${file} and run "bench up" again`
    : 'correct that and run "bench up" again, which replaces the container ("docker logs" has all that it said)';
}

/** Where the configuration of a target stands, which a person may have changed; undefined for other services. */
function configurationOf(service: string): string | undefined {
  const target = TARGET_NAMES.find((name) => name === service);
  if (target === undefined) return undefined;
  const [file] = Object.values(TARGETS[target].files);
  return file && 'fixture' in file ? `fixtures/${file.fixture}` : `infra/targets/${target}.ts`;
}
