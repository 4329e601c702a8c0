/**
 * The output contract `bench.v1`: all that the runner may know of a stack. The program exports it as the
 * outputs `bench` and `apiKey`, the runner parses them with this same schema; nothing else passes between the
 * two. The key stands apart because one secret field would make the whole object secret.
 */
import { z } from 'zod';
import { AGENTS } from './agent/settings.ts';
import { SUBJECTS } from './subject/check.ts';
import { TARGET_NAMES } from './targets.ts';

const endpoint = z.object({
  /** Origin, for example `https://127.0.0.1:32768`. */
  url: z.url(),
  host: z.string(),
  port: z.int().positive(),
  /** Name for SNI and certificate verification; empty: the host, which is an address, is verified. */
  servername: z.string(),
  /** Where it is reached from the stack's own network. */
  inside: z.object({ host: z.string(), port: z.int().positive() }),
});

const image = z.object({
  /** Content address of the image that runs. */
  id: z.string(),
  /** Tag or description: what a person calls it. */
  name: z.string(),
  source: z.enum(['registry', 'debian', 'subject']),
  /** Of a registry: as it was pinned, or as it came with the tag; null where none is known. */
  digest: z.string().nullable().optional(),
  /** True where the digest was known before the image was pulled. */
  pinned: z.boolean().optional(),
});

export const contractSchema = z.object({
  schema: z.literal('bench.v1'),
  stack: z.string(),
  /** Random, made at the stack's first `up`, unchanged by later ones. */
  incarnation: z.string(),
  /** The stack's own network, by its name in the engine. */
  network: z.string(),
  certctl: endpoint.extend({
    health: z.string(),
    /** Of an external certctl: PEM of its CA, or empty for one that the system or Node.js trusts. Absent: the bench CA. */
    ca: z.string().optional(),
  }),
  targets: z.record(z.enum(TARGET_NAMES), endpoint.extend({ health: z.string() })),
  /** Null for an external certctl, whose database is its own. */
  postgres: z.object({ version: z.string(), health: z.string() }).nullable(),
  /** PEM of the bench CA. */
  ca: z.string(),
  issued: z
    .object({ server: z.string(), target: z.string() })
    .optional()
    .describe('SHA-256 of the certificates of the subject and of the targets, lowercase hex.'),
  subject: z.object({
    kind: z.enum(SUBJECTS),
    version: z.string(),
  }),
  images: z.record(z.string(), image),
  deploy: z
    .object({
      agent: z.enum(AGENTS),
      agents: z.int().positive().describe('Beside each target.'),
      pollMs: z.int().positive(),
      sites: z.record(
        z.enum(TARGET_NAMES),
        z.array(
          z.object({
            servername: z.string(),
            certificate: z.string().describe('Its id in certctl.'),
            target: z.string().describe('Id of its deployment target in certctl.'),
          }),
        ),
      ),
      database: endpoint.pick({ host: true, port: true, inside: true }),
    })
    .optional()
    .describe('What certificates are deployed to; absent where nothing deploys.'),
  /** Where the stack differs from what certctl and PostgreSQL do by themselves, and limits, by service. */
  settings: z.object({
    certctl: z.record(z.string(), z.string()),
    postgres: z.record(z.string(), z.string()),
    limits: z.record(
      z.string(),
      z.object({ cpuSet: z.string().optional(), memoryMb: z.int().positive().optional() }),
    ),
  }),
  /** SHA-256 over what the topology is made of: changes when the stack's shape does. */
  topologyHash: z.string(),
});

export const benchOutputsSchema = z.object({
  bench: contractSchema,
  /** Admin key of the subject: a secret output. */
  apiKey: z.string(),
  /** URL of certctl's database on the stack's network, where something deploys: a secret output. */
  databaseUrl: z.string().optional(),
});

export type BenchContract = z.infer<typeof contractSchema>;
export type BenchOutputs = z.infer<typeof benchOutputsSchema>;
