import { join } from 'node:path';
import { orThrow, readOwnStatement } from './files.ts';
import { readAtMost } from '../../attest/verify/read-at-most.ts';
import { renderCosignRequest } from '../../attest/format/cosign.ts';
import {
  commitmentDigest,
  digestOf,
  MAX_DISCLOSURES_BYTES,
  parseDisclosures,
  type Revealed,
} from '../../attest/format/disclosure.ts';
import { MAX_ENVELOPE_BYTES, parseEnvelope } from '../../attest/format/envelope.ts';
import { isLabName } from '../../attest/format/keys.ts';
import type { Predicate } from '../../attest/format/statement.ts';
import { isJsonList, parseStrictJson } from '../../attest/format/strict-json.ts';
import { sha256 } from '../../attest/sign/digests.ts';
import { replaceFile } from '../../attest/sign/key-files.ts';
import { coversCase, coversSection } from '../../domain/co-signer.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';

export interface RequestedCosign {
  readonly out: string;
  readonly for: string;
  readonly scope: readonly string[];
  readonly disclosures: number;
}

/**
 * Writes what a co-signer has to see of a report of this lab: the envelope, and what opens everything its scope speaks for.
 * @param bundle the folder of the report: `report.dsse.json`, and `disclosures/<lab>.json` with everything in it
 */
export async function requestCosign(bundle: string, to: string, out: string): Promise<RequestedCosign> {
  const path = join(bundle, 'report.dsse.json');
  const bytes = await readAtMost(path, MAX_ENVELOPE_BYTES);
  const { predicate } = readOwnStatement(bytes, path);
  const { issuer, signatories } = predicate;
  const signatory = signatories.find(({ lab, role }) => lab === to && role === 'co-signing-lab');
  if (signatory === undefined)
    throw new HarnessError(
      'COSIGN_NOT_SIGNATORY',
      `the report in ${bundle} does not name ${to} as a co-signer`,
    );
  if (!isLabName(issuer.lab))
    throw new HarnessError('COSIGN_FILE_INVALID', `${path}: its issuer cannot name a file`);
  const own = join(bundle, 'disclosures', `${issuer.lab}.json`);
  const texts = await readDisclosures(own);
  const needed = neededBy(signatory.scope, predicate, texts.revealed);
  const disclosures = needed.flatMap((digest) => texts.byDigest.get(digest) ?? []);
  if (disclosures.length < needed.length) {
    const count = needed.length - disclosures.length;
    throw new HarnessError(
      'COSIGN_NOT_DISCLOSED',
      `${own} does not open ${count} part(s) that ${to} has to see`,
    );
  }
  await replaceFile(out, renderCosignRequest(to, orThrow(parseEnvelope(bytes), path), disclosures));
  return { out, for: to, scope: signatory.scope, disclosures: disclosures.length };
}

interface Texts {
  readonly revealed: Revealed;
  readonly byDigest: ReadonlyMap<string, string>;
}

async function readDisclosures(path: string): Promise<Texts> {
  const bytes = await readAtMost(path, MAX_DISCLOSURES_BYTES);
  const revealed = orThrow(parseDisclosures(bytes, sha256), path);
  const list = orThrow(parseStrictJson(bytes), path);
  const texts = isJsonList(list) ? list.filter((text) => typeof text === 'string') : [];
  return { revealed, byDigest: new Map(texts.map((text) => [digestOf(text, sha256), text])) };
}

/** Digests of the commitments that the scope covers, each followed by those inside of what it hides. */
function neededBy(
  scope: readonly string[],
  { cases, sections }: Predicate,
  revealed: Revealed,
): readonly string[] {
  const covered = [
    ...sections.filter(([name]) => coversSection(scope, name)).map(([, commitment]) => commitment),
    ...cases.filter(([number]) => coversCase(scope, number)).map(([, , , commitment]) => commitment),
  ];
  return covered.flatMap((commitment) => withInner(commitment['...'], revealed));
}

function withInner(digest: string, revealed: Revealed): readonly string[] {
  const value = revealed.get(digest);
  return [
    digest,
    ...(value === undefined ? [] : innerOf(value)).flatMap((inner) => withInner(inner, revealed)),
  ];
}

function innerOf(value: Json): readonly string[] {
  const digest = commitmentDigest(value);
  if (digest !== undefined) return [digest];
  if (isJsonList(value)) return value.flatMap(innerOf);
  return isJsonObject(value) ? Object.values(value).flatMap(innerOf) : [];
}
