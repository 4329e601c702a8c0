import type { Rule } from './rule.ts';

export const deployRows: Rule = {
  rule: 'deploy_rows',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'certificates of which certctl has not as many versions, deployments and completions as there were loops, and loops of which its times are outside of ours',
  remedy:
    "something else renews or deploys these certificates, or certctl's rows were not read: see the log of the agents; of times: a clock was set during the run",
  applies: ({ deploy }) => deploy !== undefined,
  findings: ({ deploy }) => [
    { of: deploy?.differences[0] ?? null, value: deploy ? deploy.differences.length : null, limit: 0 },
  ],
};
