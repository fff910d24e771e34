import { replaceInBundle } from './bundle.ts';
import { orThrow } from './files.ts';
import { readAtMost } from '../../attest/verify/read-at-most.ts';
import { type CoSignature, MAX_CO_SIGNATURE_BYTES, parseCoSignature } from '../../attest/format/cosign.ts';
import {
  type Envelope,
  MAX_ENVELOPE_BYTES,
  parseEnvelope,
  renderEnvelope,
  type Signature,
} from '../../attest/format/envelope.ts';
import type { Signatory } from '../../attest/format/statement.ts';
import { replaceFile } from '../../attest/sign/key-files.ts';
import { readTrust, type Trust } from '../../attest/verify/trust.ts';
import { type Accepted, verifyReport } from '../../attest/verify/verify.ts';
import { HarnessError } from '../../kernel/errors.ts';

export interface MergeOptions {
  readonly trust: string;
  /** A file for the envelope alone, or the folder of the report, where all that holds its signatures is renewed. */
  readonly to: { readonly out: string } | { readonly bundle: string };
}

export interface Merged {
  /** Where the envelope is. */
  readonly out: string;
  readonly payloadSha256: string;
  readonly signers: readonly string[];
  /** Labs whose co-signature is still missing; the report is refused everywhere until it has them. */
  readonly awaited: readonly string[];
}

/**
 * Adds co-signatures to a report, in the order in which it names its signatories, and verifies the result before it writes
 * it. What is there already stays; adding it again changes nothing.
 */
export async function mergeCosign(
  envelopePath: string,
  signaturePaths: readonly string[],
  { trust: trustDir, to }: MergeOptions,
): Promise<Merged> {
  const trust = await readTrust(trustDir);
  const bytes = await readAtMost(envelopePath, MAX_ENVELOPE_BYTES);
  const before = accepted(bytes, trust, () => true);
  const added: CoSignature[] = [];
  for (const path of signaturePaths) added.push(await readCoSignature(path, before));
  const merged = withSignatures(orThrow(parseEnvelope(bytes), envelopePath), before, added);
  const labs = new Set(added.map(({ lab }) => lab));
  const after = accepted(renderEnvelope(merged), trust, (lab) => !labs.has(lab));
  return {
    out: await write(merged, to),
    payloadSha256: after.payloadSha256,
    signers: after.signers.map(({ lab, role }) => `${role} of ${lab}`),
    awaited: after.awaited.map(({ lab }) => lab),
  };
}

async function write(envelope: Envelope, to: MergeOptions['to']): Promise<string> {
  if ('bundle' in to) return replaceInBundle(to.bundle, envelope);
  await replaceFile(to.out, renderEnvelope(envelope));
  return to.out;
}

function accepted(envelopeBytes: Uint8Array, trust: Trust, awaiting: (lab: string) => boolean): Accepted {
  const verification = verifyReport({ envelopeBytes, trust, now: Date.now(), awaiting });
  if (verification.status === 'accepted') return verification;
  const [{ code, text }] = verification.reasons;
  throw new HarnessError(code, text);
}

async function readCoSignature(path: string, { payloadSha256, statement }: Accepted): Promise<CoSignature> {
  const one = orThrow(parseCoSignature(await readAtMost(path, MAX_CO_SIGNATURE_BYTES)), path);
  if (one.payloadSha256 !== payloadSha256) {
    throw new HarnessError(
      'COSIGN_FOREIGN_PAYLOAD',
      `${path} signs sha256:${one.payloadSha256}, not this report`,
    );
  }
  const named = statement.predicate.signatories.some(
    ({ lab, keyid, role }) => lab === one.lab && keyid === one.keyid && role === 'co-signing-lab',
  );
  if (!named)
    throw new HarnessError('COSIGN_NOT_SIGNATORY', `the report does not name the lab and key of ${path}`);
  return one;
}

/** One signature for each signatory, in their order; then those whose makers the envelope does not say. */
function withSignatures(
  { payloadType, payload, signatures }: Envelope,
  { statement, signers }: Accepted,
  added: readonly CoSignature[],
): Envelope {
  const { signatories } = statement.predicate;
  const verified = new Set(signers.map(({ keyid }) => keyid));
  const pick = ({ keyid }: Signatory): readonly Signature[] => {
    const own = signatures.filter((one) => one.keyid === keyid);
    const fresh = added.find((one) => one.keyid === keyid);
    return own.length > 0 && (verified.has(keyid) || fresh === undefined)
      ? own
      : fresh === undefined
        ? []
        : [{ keyid, sig: fresh.sig }];
  };
  const known = new Set(signatories.map(({ keyid }) => keyid));
  const others = signatures.filter(({ keyid }) => keyid === undefined || !known.has(keyid));
  return { payloadType, payload, signatures: [...signatories.flatMap(pick), ...others] };
}
