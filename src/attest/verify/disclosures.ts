import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { toHex } from '../format/base64.ts';
import { canonicalBytes } from '../../kernel/canonical-json.ts';
import { commitmentDigest, parseDisclosures, type Revealed } from '../format/disclosure.ts';
import type { Commitment, Statement } from '../format/statement.ts';
import { isJsonList } from '../format/strict-json.ts';
import { sha256 } from './digest.ts';
import { orRefuse, refuse } from './refusal.ts';

/** What the disclosures open, and what stays hidden. */
export interface Disclosed {
  /** Names of opened sections, and numbers of opened cases, each with its value. */
  readonly sections: ReadonlyMap<string, Json>;
  readonly cases: ReadonlyMap<string, Json>;
  readonly hiddenSections: readonly string[];
  readonly hiddenCases: readonly string[];
  /** Commitments inside of opened values that stay closed. */
  readonly hiddenInside: number;
}

/**
 * Opens what can be opened. Strict: every disclosure belongs to exactly one commitment, a commitment is an element of a
 * list and occurs once, and the list form `_sd` is forbidden, since it lets one signature show two faces.
 * @see RFC 9901 §7.1
 */
export function reveal(statement: Statement, files: readonly Uint8Array[]): Disclosed {
  // Two files may open the same part, one file may not do so twice.
  const revealed: Revealed = new Map(files.flatMap((file) => [...orRefuse(parseDisclosures(file, sha256))]));
  const walk: Walk = { revealed, seen: new Set(), used: new Set(), hidden: 0 };
  const { sections, cases } = statement.predicate;
  const openSections = openEach(walk, sections, ([name, value]) => [name, value]);
  const openCases = openEach(walk, cases, ([number, , , value]) => [number, value]);
  if (walk.used.size !== revealed.size) {
    const count = revealed.size - walk.used.size;
    refuse('VERIFY_DISCLOSURE_UNREFERENCED', `${count} disclosure(s) belong to nothing in this report`);
  }
  checkManifests(statement, openSections.open.get('items'));
  checkEvidenceIndex(statement, { index: openSections.open.get('evidence-index'), hidden: walk.hidden });
  return {
    sections: openSections.open,
    cases: openCases.open,
    hiddenSections: openSections.hidden,
    hiddenCases: openCases.hidden,
    hiddenInside: walk.hidden,
  };
}

interface Walk {
  readonly revealed: Revealed;
  readonly seen: Set<string>;
  readonly used: Set<string>;
  hidden: number;
}

function openEach<T>(
  walk: Walk,
  entries: readonly T[],
  read: (entry: T) => readonly [name: string, value: Commitment],
): { readonly open: ReadonlyMap<string, Json>; readonly hidden: readonly string[] } {
  const open = new Map<string, Json>();
  const hidden: string[] = [];
  for (const entry of entries) {
    const [name, { '...': digest }] = read(entry);
    const value = openOne(walk, digest);
    if (value === undefined) hidden.push(name);
    else open.set(name, value);
  }
  return { open, hidden };
}

function openOne(walk: Walk, digest: string): Json | undefined {
  if (walk.seen.has(digest)) refuse('VERIFY_COMMITMENT', 'one commitment stands in two places');
  walk.seen.add(digest);
  const value = walk.revealed.get(digest);
  if (value === undefined) return undefined;
  walk.used.add(digest);
  return openInside(walk, value);
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
  if (!/^[A-Za-z0-9_-]{43}$/u.test(digest)) refuse('VERIFY_COMMITMENT', 'a commitment is malformed');
  const value = openOne(walk, digest);
  if (value === undefined) walk.hidden += 1;
  return value;
}

/** Every manifest that was opened must be a subject of the statement. */
function checkManifests({ subject }: Statement, items: Json | undefined): void {
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
  { predicate }: Statement,
  { index, hidden }: { readonly index: Json | undefined; readonly hidden: number },
): void {
  if (index === undefined) return;
  if (!isJsonList(index)) return refuse('VERIFY_EVIDENCE_INDEX', 'the section evidence-index is not a list');
  const said = predicate.report.components.evidence;
  if (index.length > said || (index.length < said && hidden === 0)) {
    refuse('VERIFY_COUNTS', `the report says ${said} pieces of evidence and lists ${index.length}`);
  }
}
