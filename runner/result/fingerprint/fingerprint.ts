/** The fingerprint of a run: what it depends on, and the key by which runs may be compared. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RunResult } from '../../engine/contract.ts';
import { type Profile, profileSchema } from '../../profiles/profile.ts';
import type { Machine, Moment } from './machine.ts';

/** What the stack and the subject say of themselves; null where nobody does. */
export interface Setting {
  /** By service; without certctl's, which is what is compared. */
  images: Record<string, { id: string; source: string }> | null;
  subject: string;
  postgres: { version: string; settings: Record<string, string> | null } | null;
  certctlSettings: Record<string, string> | null;
  containerLimits: Record<string, unknown> | null;
  /** Certificates that were there before the load. */
  seededRows: number | null;
  placement: string;
}

export interface FingerprintInput {
  machine: Machine;
  moment: Moment;
  setting: Setting;
  /** Of the bench and of Node, and of its TLS library. */
  versions: { bench: string; node: string; openssl: string };
  profile: Profile;
  result: RunResult;
  /** Median time of a TCP connect to the subject before the load, ms. */
  roundTripMs: number | null;
}

export interface Fingerprint {
  /** SHA-256 of `compared`, lowercase hex: runs with different keys do not compare. */
  key: string;
  compared: Record<string, unknown>;
  /** Differs from run to run, and is in no key. */
  recorded: Record<string, unknown>;
}

export function fingerprint(input: FingerprintInput): Fingerprint {
  const { machine, moment, setting, versions, profile, result, roundTripMs } = input;
  const compared = {
    machine,
    awake: result.health.awake,
    placement: setting.placement,
    versions: { bench: versions.bench, node: versions.node },
    subject: setting.subject,
    images: withoutSubject(setting.images),
    postgres: setting.postgres,
    certctlSettings: setting.certctlSettings,
    containerLimits: setting.containerLimits,
    seededRows: setting.seededRows,
    tls: { generatorLibrary: `OpenSSL ${versions.openssl}`, ...tlsOf(result) },
    scenarioHash: scenarioHash(profile),
  };
  return {
    key: sha256(canonical(compared)),
    compared,
    recorded: {
      seed: result.seed,
      loadAverage: moment.loadAverage,
      steal: result.health.steal,
      // Another clock would have to be asked in a way that knows its own error.
      clockOffsetMs: null,
      uptimeSeconds: moment.uptimeSeconds,
      bootId: moment.bootId,
      runnerImage: moment.runnerImage,
      roundTripMs,
    },
  };
}

/** Of what is sent, when, and by how many threads: the scenarios, without name, description and thresholds of the profile. */
export function scenarioHash(profile: Profile): string {
  const { scenarios, warmUp, workers } = z.encode(profileSchema, profile);
  return sha256(canonical({ scenarios, warmUp, workers }));
}

/** The most frequent of what each scenario negotiated; null where it made no connection. */
function tlsOf(result: RunResult): Record<string, unknown> {
  const scenarios = Object.values(result.scenarios).map(({ name, negotiated }) => {
    const { protocol, cipher, group, keyType, alpn } = negotiated;
    const most = { protocol, cipher, group, keyType, alpn };
    return [name, Object.fromEntries(Object.entries(most).map(([what, seen]) => [what, mostFrequent(seen)]))];
  });
  return { scenarios: Object.fromEntries(scenarios) };
}

function mostFrequent(seen: Record<string, number>): string | null {
  return Object.entries(seen).toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

function withoutSubject(images: Setting['images']): Setting['images'] {
  if (images === null) return null;
  return Object.fromEntries(Object.entries(images).filter(([service]) => service !== 'certctl'));
}

/** JSON with sorted keys: equal facts, equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
