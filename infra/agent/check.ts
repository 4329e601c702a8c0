/** What fits together of the keys that say what deploys. */
import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { BenchConfig } from '../config.ts';
import { DOCKERFILES } from '../subject/check.ts';

type AgentConfig = Pick<
  BenchConfig,
  'agent' | 'agents' | 'agentPollMs' | 'agentBinary' | 'agentImage' | 'sites' | 'subject' | 'subjectCheckout'
>;
type Problem = [key: keyof AgentConfig, message: string];

/** certctl's agent has no setting for it. */
export const REAL_POLL_MS = 30_000;

/** Each problem with its key. Values that are wrong by themselves may be missing. */
export function agentProblems(config: Partial<AgentConfig>): Problem[] {
  const { agent, agents = 1, sites, agentPollMs = REAL_POLL_MS, agentBinary, agentImage, subject } = config;
  const problems: Problem[] = [];
  if (agent === undefined || agent === 'none') return problems;
  if (subject === 'external')
    problems.push(['agent', 'must be none for subject external: its targets are set up in its database']);
  if (sites && agents > sites)
    problems.push(['agents', `must be no more than sites (${sites}): an agent without a site does nothing`]);
  if (agent !== 'real') return problems;
  if (agents !== 1) problems.push(['agents', 'must be 1 for agent real: each is a process of its own']);
  if (agentPollMs !== REAL_POLL_MS)
    problems.push(['agentPollMs', `must be ${REAL_POLL_MS} for agent real, which has no setting for it`]);
  if (!agentBinary && !agentImage) problems.push(...checkoutProblems(config));
  if (agentBinary && agentImage) problems.push(['agentBinary', 'and agentImage exclude each other']);
  if (agentBinary && !isAbsolute(agentBinary)) problems.push(['agentBinary', 'must be an absolute path']);
  else if (agentBinary && !statSync(agentBinary, { throwIfNoEntry: false })?.isFile())
    problems.push(['agentBinary', `must name a file, and ${agentBinary} is none`]);
  return problems;
}

/** Where neither a binary nor an image is named the agent is that of the checkout that the server comes from. */
function checkoutProblems({ subject, subjectCheckout = '' }: Partial<AgentConfig>): Problem[] {
  if (subject !== 'dockerfile') {
    const ways =
      'agentBinary (a certctl agent that you built), agentImage, or a subjectCheckout to build it from';
    return [['agent', `real needs ${ways}`]];
  }
  const dockerfile = join(subjectCheckout, DOCKERFILES['certctl-agent']);
  // A checkout that is none is told as such.
  if (subjectCheckout === '' || statSync(dockerfile, { throwIfNoEntry: false })?.isFile()) return [];
  return [['agent', `real needs agentBinary or agentImage, since there is no ${dockerfile}`]];
}
