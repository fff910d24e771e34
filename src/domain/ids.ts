import type { Brand } from '../kernel/brand.ts';
import { err, ok, type Result } from '../kernel/result.ts';

export type OrganisationId = Brand<string, 'OrganisationId'>;
/** `organisation/equipment` */
export type EquipmentId = Brand<string, 'EquipmentId'>;
/** `organisation/testbed` */
export type TestbedId = Brand<string, 'TestbedId'>;
export type PlanId = Brand<string, 'PlanId'>;
export type CaseId = Brand<string, 'CaseId'>;
/** `organisation/campaign` */
export type CampaignId = Brand<string, 'CampaignId'>;
export type RunId = Brand<string, 'RunId'>;
export type LeaseId = Brand<string, 'LeaseId'>;
export type RunnerId = Brand<string, 'RunnerId'>;
/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = Brand<string, 'Digest'>;
/** Milliseconds since the Unix epoch, UTC. */
export type Instant = Brand<number, 'Instant'>;

/** One part of a name: what an organisation, an item of equipment, a plan … may be called. */
export const NAME_PATTERN = '^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$';
const NAME = new RegExp(NAME_PATTERN, 'u');
const DIGEST = /^sha256:[0-9a-f]{64}$/u;

export function parseName(text: string): Result<string, string> {
  return NAME.test(text)
    ? ok(text)
    : err(`"${clip(text)}" is not a name: 1 to 64 of a-z 0-9 . _ -, letter or digit first and last`);
}

/** `organisation/name`, as equipment, testbeds and campaigns are referred to from outside their organisation. */
export function parseQualifiedName<T extends EquipmentId | TestbedId | CampaignId>(
  text: string,
): Result<T, string> {
  const parts = text.split('/');
  return parts.length === 2 && parts.every((part) => NAME.test(part))
    ? ok(text as T)
    : err(`"${clip(text)}" is not of the form organisation/name`);
}

export function parseDigest(text: string): Result<Digest, string> {
  return DIGEST.test(text)
    ? ok(text as Digest)
    : err(`"${clip(text)}" is not sha256: and 64 hexadecimal digits`);
}

export function instant(ms: number): Instant {
  return ms as Instant;
}

/** RFC 3339 in UTC with milliseconds. */
export function isoTime(at: Instant): string {
  return new Date(at).toISOString();
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
