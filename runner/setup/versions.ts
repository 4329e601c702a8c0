/** Versions of the Pulumi CLI and plugins: those that the locked npm packages ask for. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

function manifest(name: string): { version: string; pulumi?: { version?: string } } {
  return JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'));
}

/** The CLI goes with the SDK of the same version. */
export const CLI_VERSION = manifest('@pulumi/pulumi').version;

export const PLUGINS = ['docker', 'command'] as const;
export type PluginName = (typeof PLUGINS)[number];

/** A provider's npm package names the plugin version that it speaks to. */
export function pluginVersion(name: PluginName): string {
  const { version, pulumi } = manifest(`@pulumi/${name}`);
  return (pulumi?.version ?? version).replace(/^v/, '');
}
