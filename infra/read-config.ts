/** The config of the stack that Pulumi runs the program for. */
import * as pulumi from '@pulumi/pulumi';
import { type BenchConfig, configSchema, parseConfig } from './config.ts';

/**
 * Reads this stack's config.
 * @throws RunError naming every key that is wrong and what it may be.
 */
export function readConfig(): BenchConfig {
  const config = new pulumi.Config('certctl-bench');
  const keys = Object.keys(configSchema.shape);
  const parsed = parseConfig(Object.fromEntries(keys.map((key) => [key, config.get(key) ?? ''])));
  if (parsed.problems === undefined) return parsed.config;
  throw new pulumi.RunError(`the stack's config is wrong: ${parsed.problems.join('; ')}`);
}
