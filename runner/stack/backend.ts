/** Where stacks are kept: the person's own Pulumi login, else an embedded file backend without login or question. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../errors.ts';
import { benchDir } from '../paths.ts';
import { ownHome } from '../setup/pulumi.ts';

export interface Backend {
  kind: 'own' | 'embedded';
  /** Variables that make Pulumi use it; the passphrase is among them. */
  env: Record<string, string>;
}

const credentialsFolder = () => process.env.PULUMI_CREDENTIALS_PATH ?? ownHome();

/** True where `pulumi login` was done, or the environment stands for it. */
export function hasOwnLogin(): boolean {
  if (process.env.PULUMI_BACKEND_URL || process.env.PULUMI_ACCESS_TOKEN) return true;
  try {
    const credentials = JSON.parse(readFileSync(join(credentialsFolder(), 'credentials.json'), 'utf8'));
    return Boolean(credentials.current);
  } catch {
    return false;
  }
}

/** Where the embedded backend keeps its state. */
export const embeddedState = join(benchDir, 'state');

/**
 * Of persistent stacks.
 * @throws EnvironmentError where the state directory cannot be made.
 */
export function findBackend(): Backend {
  if (hasOwnLogin()) {
    // The bench's CLI has a home of its own, so it is told where the login is.
    return { kind: 'own', env: { PULUMI_CREDENTIALS_PATH: credentialsFolder() } };
  }
  return fileBackend(embeddedState);
}

/**
 * A backend that is a folder of the bench.
 * @throws EnvironmentError where it cannot be made.
 */
export function fileBackend(state: string): Backend {
  try {
    mkdirSync(state, { recursive: true });
    // Without `metadata=skip` each state has a file of attributes beside it, which is emptied before it is written:
    // a command that reads the state just then, and listing reads all of them, fails with "EOF".
    const url = `file://${state}?metadata=skip`;
    return {
      kind: 'embedded',
      env: { PULUMI_BACKEND_URL: url, PULUMI_CONFIG_PASSPHRASE: passphrase() },
    };
  } catch (cause) {
    throw new EnvironmentError(`cannot write below ${benchDir}: ${(cause as Error).message}`, { cause });
  }
}

/** Encrypts the secrets in the embedded state; random, made once, readable by its owner only. */
function passphrase(): string {
  const file = join(benchDir, 'passphrase');
  try {
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
