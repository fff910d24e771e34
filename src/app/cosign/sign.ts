import { checkCosign, type Checked } from './check.ts';
import { orThrow } from './files.ts';
import { readAtMost } from '../../attest/verify/read-at-most.ts';
import {
  type CosignRequest,
  MAX_COSIGN_REQUEST_BYTES,
  parseCosignRequest,
  renderCoSignature,
} from '../../attest/format/cosign.ts';
import { type SignedEnvelope, parseEnvelope } from '../../attest/format/envelope.ts';
import { type KeyEntry, USE_FOR_ROLE } from '../../attest/format/keys.ts';
import type { Signatory } from '../../attest/format/statement.ts';
import { replaceFile } from '../../attest/sign/key-files.ts';
import { type PrivatePart, readKeyFolder, stateOf } from '../../attest/sign/key-folder.ts';
import { openPart } from '../../attest/sign/lab-keys.ts';
import { type LabRole, signStatement } from '../../attest/sign/signer.ts';
import type { OpenToken } from '../../attest/sign/token-key.ts';
import { readTrust, trustKeys } from '../../attest/verify/trust.ts';
import { keysThatSigned } from '../../attest/verify/signatures.ts';
import { refusedBy, type Refused } from '../../attest/verify/verify.ts';
import { HarnessError } from '../../kernel/errors.ts';

export interface SignOptions {
  readonly trust: string;
  /** The folder with the keys of the co-signing lab. */
  readonly keys: string;
  readonly role: LabRole;
  readonly out: string;
  readonly openToken?: OpenToken;
}

export interface Signed {
  readonly out: string;
  readonly lab: string;
  readonly keyid: string;
  readonly payloadSha256: string;
  readonly scope: readonly string[];
}

/** Reads a request and checks it. Throws only when there is nothing to check: `NOT_FOUND`. */
export async function checkCosignFile(path: string, trustDir: string): Promise<Checked | Refused> {
  try {
    return checkCosign(await readRequest(path), { trust: await readTrust(trustDir), now: Date.now() });
  } catch (error) {
    if (error instanceof HarnessError && isRefusal(error)) return refusedBy(error);
    throw error;
  }
}

/** Checks a request once more and signs the report with the key that it names. Nothing is written unless all is well. */
export async function signCosign(
  path: string,
  options: SignOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<Signed> {
  const request = await readRequest(path);
  const checked = checkCosign(request, { trust: await readTrust(options.trust), now: Date.now() });
  if (checked.status === 'refused') {
    const [{ code, text }] = checked.reasons;
    throw new HarnessError(code, text);
  }
  const { signatory, report } = checked;
  const { part, entry } = await findKey(signatory, options);
  checkKey(entry, Date.parse(report.report.issuedAt));
  const { lab, keyid, scope } = signatory;
  const { openToken } = options;
  const wanted = { lab, now: Date.now(), ...(openToken === undefined ? {} : { openToken }) };
  await using signer = await openPart(part, wanted, 'co-signing-lab');
  const { payload } = orThrow(parseEnvelope(request.envelope), path);
  const envelope = await signStatement(payload, [signer], { signal });
  const sig = provenSignature(envelope, { lab, entry });
  const { payloadSha256 } = report;
  await replaceFile(options.out, renderCoSignature({ lab, keyid, payloadSha256, sig }));
  return { out: options.out, lab, keyid, payloadSha256, scope };
}

/** Refused for what the report, the request or the trust folder says; anything else is wrong use or broken. */
export function isRefusal({ code }: HarnessError): boolean {
  return code.startsWith('VERIFY_') || code.startsWith('COSIGN_');
}

async function readRequest(path: string): Promise<CosignRequest> {
  return orThrow(parseCosignRequest(await readAtMost(path, MAX_COSIGN_REQUEST_BYTES)), path);
}

async function findKey(
  { lab, keyid }: Signatory,
  { keys, role }: SignOptions,
): Promise<{ readonly part: PrivatePart; readonly entry: KeyEntry }> {
  const folder = await readKeyFolder(keys);
  if (folder.lab !== null && folder.lab !== lab)
    throw new HarnessError('COSIGN_NOT_SIGNATORY', `${keys} holds keys of ${folder.lab}, ${lab} is to sign`);
  const part = folder.parts.find((one) => one.keyid === keyid && one.role === role);
  const entry = folder.entries.find((one) => one.keyid === keyid);
  if (part === undefined || entry === undefined) {
    const named = `the report names key ${keyid.slice(0, 16)}… of ${lab}`;
    throw new HarnessError('COSIGN_NOT_SIGNATORY', `${named}, which is no ${role} key of ${keys}`);
  }
  return { part, entry };
}

/** A signature that every verifier would refuse is not made. */
function checkKey(entry: KeyEntry, issuedAt: number): void {
  const who = `key ${entry.keyid.slice(0, 16)}…`;
  const state = stateOf(entry, Date.now());
  if (state !== 'valid') throw new HarnessError('SIGN_KEY_UNUSABLE', `${who} is ${state}`);
  if (issuedAt < entry.validFrom || issuedAt > entry.validTo)
    throw new HarnessError('SIGN_KEY_UNUSABLE', `${who} was not valid when the report was issued`);
  if (!entry.uses.includes(USE_FOR_ROLE['co-signing-lab']))
    throw new HarnessError('SIGN_KEY_UNUSABLE', `${who} is for ${entry.uses.join(', ')} only`);
}

/** A token may be faulty, or hold another key than the registry says. */
function provenSignature(
  envelope: SignedEnvelope,
  { lab, entry }: { readonly lab: string; readonly entry: KeyEntry },
): Uint8Array {
  const trust = new Map(trustKeys(lab, [entry]).map((key) => [key.keyid, key]));
  const [signature] = envelope.signatures;
  if (signature === undefined || keysThatSigned(envelope, trust).size !== 1)
    throw new HarnessError(
      'SIGN_KEY_UNUSABLE',
      `what key ${entry.keyid.slice(0, 16)}… signs does not verify`,
    );
  return signature.sig;
}
