/** The outputs of a stack as its exported state has them. */
import type { Deployment, OutputMap } from '@pulumi/pulumi/automation/index.js';
import type { Resource } from './deployment.ts';

/** How an export marks what is not plain JSON, and which of these is a secret (Pulumi's sdk/go/common/resource/sig). */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

/** @param exported with the secrets in plain (`pulumi stack export --show-secrets`) */
export function outputMap({ deployment }: Deployment): OutputMap {
  const resources: Resource[] = deployment?.resources ?? [];
  const { outputs = {} } = resources.find(({ type }) => type === 'pulumi:pulumi:Stack') ?? {};
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      { value: plain(value), secret: plaintextOf(value) !== undefined },
    ]),
  );
}

/** The value without marks, however deep they are. */
function plain(value: unknown): unknown {
  const text = plaintextOf(value);
  if (text !== undefined) return plain(JSON.parse(text));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** JSON of a secret; undefined of everything else. */
function plaintextOf(value: unknown): string | undefined {
  const { [SIGNATURE]: kind, plaintext } = (value ?? {}) as Record<string, unknown>;
  return kind === SECRET ? String(plaintext) : undefined;
}
