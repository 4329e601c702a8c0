/** The PostgreSQL of a stack, which is reached through its engine: it is on the stack's own network only. */
import { type ExecaError, execa } from 'execa';
import type { BenchContract } from '../../infra/outputs.ts';
import { EnvironmentError } from '../errors.ts';
import type { Database } from '../rows.ts';
import { engineAt } from '../setup/use-engine.ts';
import { stackContainers } from './engine-objects.ts';

/** With the name and the password that are in the container's own environment. */
const PSQL = [
  'PGPASSWORD="$POSTGRES_PASSWORD" exec psql --host 127.0.0.1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB"',
  '--no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1',
].join(' ');

export function stackDatabase(
  { stack, incarnation }: Pick<BenchContract, 'stack' | 'incarnation'>,
  dockerHost: string,
): Database {
  const query = async (sql: string): Promise<string> => {
    const found = (await stackContainers(engineAt(dockerHost))).find(
      (one) => one.stack === stack && one.incarnation === incarnation && one.service === 'postgres',
    );
    if (found === undefined)
      throw new EnvironmentError(`stack ${stack} has no PostgreSQL; "bench up" brings it back`);
    try {
      const args = ['exec', '--interactive', found.id, 'sh', '-c', PSQL];
      const { stdout } = await execa('docker', args, { env: { DOCKER_HOST: dockerHost }, input: sql });
      return stdout.trim();
    } catch (cause) {
      const { stderr, shortMessage } = cause as ExecaError;
      const said = String(stderr ?? '')
        .trim()
        .split('\n')[0];
      throw new EnvironmentError(`PostgreSQL of stack ${stack}: ${said || shortMessage}`, { cause });
    }
  };
  return { query };
}
