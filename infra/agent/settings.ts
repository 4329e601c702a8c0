/** What beside the targets deploys certificates to them, by config. */
import { z } from 'zod';
import type { BenchConfig } from '../config.ts';

/** `real`: certctl's agent, as the subject's owner built it; `simulated`: fixtures/simulated-agent. */
export const AGENTS = ['none', 'real', 'simulated'] as const;

const number = (least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);

/** The keys of the config. */
export const agentFields = {
  agent: z.enum(AGENTS, 'must be none, real or simulated'),
  agents: number(1, 1000),
  agentPollMs: number(50, 3_600_000),
  agentBinary: z.string().trim(),
  agentImage: z.string().trim(),
  sites: number(1, 500),
};

/** Sites there are only where something deploys to them. */
export const siteCount = ({ agent, sites }: Pick<BenchConfig, 'agent' | 'sites'>) =>
  agent === 'none' ? 0 : sites;
