import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { publishedResult } from '../../../runner/result/published.ts';
import type { Summary } from '../../../runner/result/summary-schema.ts';
import { maskedOutputs, tryPublish } from '../../../runner/stack/publish.ts';
import { FakePrograms } from '../../support/fake-program.ts';

let dir: string;
let summaryJson: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'publish-'));
  summaryJson = join(dir, 'summary.json');
  writeFileSync(summaryJson, '{"as":"written"}\n');
});
afterEach(() => rmSync(dir, { recursive: true }));

const summary = {
  run: { id: '20260101-120000-abcdef' },
  verdict: 'BREACHED',
  profile: { name: 'smoke' },
  subject: { kind: 'stand-in', version: '1' },
  thresholds: [
    { metric: 'response_time{scenario:nginx_handshake}', expression: 'p(95)<1000', ok: true },
    { metric: 'http_req_failed', expression: 'rate<0.01', ok: false },
  ],
  validity: {
    rules: [
      { rule: 'steal', judged: true, ok: false },
      { rule: 'drift', judged: false, ok: false },
      { rule: 'send_lag', judged: true, ok: true },
    ],
  },
  api_tier: { issuance_acceptance: null },
  connector_tier: { nginx: null },
} as unknown as Summary;

/** A stack whose CLI is this program; `config` is what was set. */
function stackWith(pulumi: FakePrograms, config: Record<string, { value: string }> = {}) {
  const workspace = {
    pulumiCommand: { command: join(pulumi.bin, 'pulumi') },
    pulumiHome: '/pulumi-home',
    envVars: { PULUMI_BACKEND_URL: 'file:///state' },
    workDir: dir,
  };
  const setAllConfig = async (values: typeof config) => void Object.assign(config, values);
  return { name: 'dev', workspace, setAllConfig } as unknown as Stack;
}

describe('publishedResult', () => {
  it('has verdict, figures, what was breached, and the hash of the file as it lies there', () => {
    expect(publishedResult(summary, summaryJson)).toEqual({
      run: '20260101-120000-abcdef',
      verdict: 'BREACHED',
      profile: 'smoke',
      subject: { kind: 'stand-in', version: '1' },
      summarySha256: createHash('sha256').update('{"as":"written"}\n').digest('hex'),
      invalid: ['steal'],
      breached: ['http_req_failed: rate<0.01'],
      apiTier: { issuance_acceptance: null },
      connectorTier: { nginx: null },
    });
  });
});

describe('tryPublish', () => {
  it('sets the result and runs an up that may change no resource', async () => {
    await using pulumi = await FakePrograms.make({
      pulumi: 'echo "$PULUMI_HOME $PULUMI_BACKEND_URL" > "$0.state"',
    });
    const config: Record<string, { value: string }> = {};
    const say = vi.fn();
    expect(await tryPublish(stackWith(pulumi, config), { summary, summaryJson }, say, undefined)).toBe(true);
    expect(say).not.toHaveBeenCalled();
    expect(Object.keys(config)).toEqual(['certctl-bench:result']);
    expect(JSON.parse(config['certctl-bench:result']?.value ?? '')).toMatchObject({ verdict: 'BREACHED' });
    const [call = ''] = await pulumi.calls('pulumi');
    for (const flag of [
      'up',
      '--stack dev',
      '--yes',
      '--refresh=false',
      '--expect-no-changes',
      '--non-interactive',
    ])
      expect(` ${call} `).toContain(` ${flag} `);
  });

  it('tells a failure in one line, and does not throw: the results are complete', async () => {
    await using pulumi = await FakePrograms.make({
      pulumi: 'echo "error: no changes were expected but changes occurred" >&2; exit 1',
    });
    const [say, verbose] = [vi.fn<(line: string) => void>(), vi.fn<(text: string) => void>()];
    expect(await tryPublish(stackWith(pulumi), { summary, summaryJson }, say, verbose)).toBe(false);
    const [line = ''] = say.mock.calls[0] ?? [];
    expect(line).toMatch(/publishing to stack "dev" failed.*no changes were expected/);
    expect(line).not.toContain('\n');
    expect(verbose).toHaveBeenCalledOnce();
  });
});

describe('maskedOutputs', () => {
  it('keeps all but the secrets', async () => {
    const outputs = {
      bench: { value: { schema: 'bench.v1' }, secret: false },
      apiKey: { value: 'the key', secret: true },
    };
    const masked = await maskedOutputs({ outputs: async () => outputs } as unknown as Stack);
    expect(masked).toEqual({ bench: { schema: 'bench.v1' }, apiKey: '[secret]' });
  });
});
