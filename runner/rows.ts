/** Rows of the subject's database before and after a run. */
import { UsageError } from './errors.ts';
import { removeRows, seedRows } from './scenarios/rows.ts';

export interface Database {
  /** Carries out statements; what they select is a line each. Throws an EnvironmentError. */
  query(sql: string): Promise<string>;
}

export interface RowsOptions {
  /** Undefined where the subject's database is not known. */
  database: Database | undefined;
  runId: string;
  say: (line: string) => void;
}

/** Certificates that there shall be before the load. Throws a UsageError where they cannot be made. */
export async function seed(rows: number, { database, runId, say }: RowsOptions): Promise<void> {
  if (rows === 0) return;
  const made = Number(await required(database, 'seedRows').query(seedRows(rows, runId)));
  say(`Seed rows: ${made} made, so that there are at least ${rows} certificates before the load`);
}

/** @returns false where it failed: that is told, and hides no verdict */
export async function cleanUp({ database, runId, say }: RowsOptions): Promise<boolean> {
  try {
    const gone = Number(await required(database, '--cleanup').query(removeRows(runId)));
    say(`Cleaned up: ${gone} certificates of this run`);
    return true;
  } catch (error) {
    say(`the certificates of run ${runId} were not cleaned up: ${(error as Error).message}`);
    return false;
  }
}

/** Throws a UsageError for what needs a database that nobody knows; to be asked before anything is made. */
export function required(database: Database | undefined, who: 'seedRows' | '--cleanup'): Database {
  if (database) return database;
  throw new UsageError(
    `${who} needs the PostgreSQL of a stack: a server that runs already has one of its own, and certctl's API makes certificates one by one and only archives them`,
  );
}
