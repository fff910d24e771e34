import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { toHex } from '../format/base64.ts';
import { canonicalBytes } from '../../kernel/canonical-json.ts';
import type { CaseList, ReadStatement } from '../format/case-list.ts';
import { commitmentDigest, parseDisclosures, type Revealed } from '../format/disclosure.ts';
import { DIGEST_PATTERN } from '../format/statement-schema.ts';
import { isJsonList } from '../format/strict-json.ts';
import { sha256 } from './digest.ts';
import { orRefuse, refuse } from './refusal.ts';

const DIGEST = new RegExp(DIGEST_PATTERN, 'u');

/** What the disclosures open, and what stays hidden. */
export interface Disclosed {
  /** Names of opened sections, and numbers of opened cases, each with its value. */
  readonly sections: ReadonlyMap<string, Json>;
  readonly cases: ReadonlyMap<string, Json>;
  /** Commitments inside of opened values that stay closed. */
  readonly hiddenInside: number;
}

/**
 * Opens what can be opened. Strict: every disclosure belongs to exactly one commitment, a commitment is an element of a
 * list and occurs once, and the list form `_sd` is forbidden, since it lets one signature show two faces.
 * @see RFC 9901 §7.1
 */
export function reveal(statement: ReadStatement, files: readonly Uint8Array[]): Disclosed {
  // Two files may open the same part, one file may not do so twice.
  const revealed: Revealed = new Map(files.flatMap((file) => [...orRefuse(parseDisclosures(file, sha256))]));
  const { sections, cases } = statement.predicate;
  if (cases.hasRepeatedDigest) refuseRepeated();
  const walk: Walk = { revealed, cases, seen: new Set(), used: new Set(), hidden: 0 };
  const openSections = openEach(sections, ([name, { '...': digest }]) => [name, openOne(walk, digest)]);
  const openCases =
    revealed.size === 0
      ? new Map<string, Json>()
      : openEach(cases, ([number, , , { '...': digest }]) => [number, openCommitted(walk, digest)]);
  if (walk.used.size !== revealed.size) {
    const count = revealed.size - walk.used.size;
    refuse('VERIFY_DISCLOSURE_UNREFERENCED', `${count} disclosure(s) belong to nothing in this report`);
  }
  checkManifests(statement, openSections.get('items'));
  checkEvidenceIndex(statement, { index: openSections.get('evidence-index'), hidden: walk.hidden });
  return {
    sections: openSections,
    cases: openCases,
    hiddenInside: walk.hidden,
  };
}

interface Walk {
  readonly revealed: Revealed;
  readonly cases: CaseList;
  /** Commitments outside of the cases. */
  readonly seen: Set<string>;
  readonly used: Set<string>;
  hidden: number;
}

function openEach<T>(
  entries: Iterable<T>,
  open: (entry: T) => readonly [name: string, value: Json | undefined],
): ReadonlyMap<string, Json> {
  const opened = new Map<string, Json>();
  for (const entry of entries) {
    const [name, value] = open(entry);
    if (value !== undefined) opened.set(name, value);
  }
  return opened;
}

function openOne(walk: Walk, digest: string): Json | undefined {
  if (walk.seen.has(digest) || walk.cases.hasDigest(digest)) refuseRepeated();
  walk.seen.add(digest);
  return openCommitted(walk, digest);
}

function openCommitted(walk: Walk, digest: string): Json | undefined {
  const value = walk.revealed.get(digest);
  if (value === undefined) return undefined;
  walk.used.add(digest);
  return openInside(walk, value);
}

function refuseRepeated(): never {
  return refuse('VERIFY_COMMITMENT', 'one commitment stands in two places');
}

/** Replaces the commitments in lists by their values and leaves out those that stay hidden; the same value if there are none. */
function openInside(walk: Walk, value: Json): Json {
  if (isJsonList(value)) return openList(walk, value);
  if (!isJsonObject(value)) return value;
  if (commitmentDigest(value) !== undefined)
    refuse('VERIFY_COMMITMENT', 'a commitment stands outside of a list');
  if (Object.hasOwn(value, '_sd')) refuse('VERIFY_COMMITMENT', 'the list form _sd is forbidden');
  let opened: JsonObject = value;
  for (const name of Object.keys(value)) {
    const member = value[name];
    const inside = member === undefined ? member : openInside(walk, member);
    if (inside === member || inside === undefined) continue;
    opened = Object.fromEntries([...Object.entries(opened), [name, inside] as const]);
  }
  return opened;
}

function openList(walk: Walk, list: readonly Json[]): readonly Json[] {
  let opened: Json[] | undefined;
  for (const [index, item] of list.entries()) {
    const inside = openItem(walk, item);
    if (inside === item) opened?.push(item);
    else {
      opened ??= list.slice(0, index);
      if (inside !== undefined) opened.push(inside);
    }
  }
  return opened ?? list;
}

function openItem(walk: Walk, item: Json): Json | undefined {
  const digest = commitmentDigest(item);
  if (digest === undefined) return openInside(walk, item);
  if (!DIGEST.test(digest)) refuse('VERIFY_COMMITMENT', 'a commitment is malformed');
  const value = openOne(walk, digest);
  if (value === undefined) walk.hidden += 1;
  return value;
}

/** Every manifest that was opened must be a subject of the statement. */
function checkManifests({ subject }: ReadStatement, items: Json | undefined): void {
  const manifests = isJsonObject(items) ? items['manifests'] : undefined;
  if (items !== undefined && !isJsonList(manifests)) {
    refuse('VERIFY_SUBJECT', 'the section items has no manifests');
  }
  for (const manifest of isJsonList(manifests) ? manifests : []) {
    const digest = toHex(sha256(canonicalBytes(manifest)));
    if (!subject.some((one) => one.digest.sha256 === digest)) {
      refuse('VERIFY_SUBJECT', 'a manifest that was opened is not a subject of the statement');
    }
  }
}

/** Everything that the report rests on is listed, no more and, unless parts stay hidden, no less. */
function checkEvidenceIndex(
  { predicate }: ReadStatement,
  { index, hidden }: { readonly index: Json | undefined; readonly hidden: number },
): void {
  if (index === undefined) return;
  if (!isJsonList(index)) return refuse('VERIFY_EVIDENCE_INDEX', 'the section evidence-index is not a list');
  const said = predicate.report.components.evidence;
  if (index.length > said || (index.length < said && hidden === 0)) {
    refuse('VERIFY_COUNTS', `the report says ${said} pieces of evidence and lists ${index.length}`);
  }
}
