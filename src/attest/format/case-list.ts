import { FINDINGS } from '../../domain/verdict.ts';
import type { Json } from '../../kernel/json.ts';
import { fromBase64Url, toBase64Url } from './base64.ts';
import { ByteColumn } from './byte-column.ts';
import { commitmentDigest } from './disclosure.ts';
import type { Collector } from './json-reader.ts';
import type { SchemaList } from './schema.ts';
import { CASE_ENTRY, CASE_NUMBER_PATTERN } from './statement-schema.ts';
import { CASE_STATUSES, type DecidedCase } from './outcome.ts';
import type { CaseEntry, Predicate, Statement } from './statement.ts';
import { isJsonList } from './strict-json.ts';

const DIGEST_BYTES = 32;
const FIRST_CASES = 1024;
const CASE_NUMBER = new RegExp(CASE_NUMBER_PATTERN, 'u');
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One object for each kind of case that there can be. */
const KINDS: readonly DecidedCase[] = CASE_STATUSES.flatMap((status) =>
  FINDINGS.map((finding) => ({ status, finding })),
);

/** A statement as it was read: a hundred thousand cases must not take many times the memory of their bytes. */
export type ReadStatement = Omit<Statement, 'predicate'> & { readonly predicate: ReadPredicate };
export type ReadPredicate = Omit<Predicate, 'cases'> & { readonly cases: CaseList };

/**
 * The cases of a report that was read, in a third of the memory of their values: an entry is made when it is asked for.
 */
export class CaseList implements SchemaList, Iterable<CaseEntry> {
  readonly follows = CASE_ENTRY;
  readonly #numbers = new ByteColumn();
  /** Of every case, what {@link KINDS} has at that place. */
  #kinds = new Uint8Array(FIRST_CASES);
  readonly #digests = new ByteColumn();

  get length(): number {
    return this.#numbers.length;
  }

  /** Status and finding of each. */
  *kinds(): Iterable<DecidedCase> {
    for (let index = 0; index < this.length; index += 1) yield this.kindAt(index);
  }

  /** Of the first case whose number another one has. */
  get repeatedNumber(): string | undefined {
    const number = this.#numbers.repeated;
    return number === undefined ? undefined : decoder.decode(number);
  }

  get hasRepeatedDigest(): boolean {
    return this.#digests.repeated !== undefined;
  }

  /** Whether a case has this commitment. */
  hasDigest(digest: string): boolean {
    const bytes = fromBase64Url(digest);
    return bytes !== undefined && this.#digests.has(bytes);
  }

  numberAt(index: number): string {
    return decoder.decode(this.#numbers.at(index));
  }

  digestAt(index: number): string {
    return toBase64Url(this.#digests.at(index));
  }

  /** Throws a `RangeError` beyond the end. */
  kindAt(index: number): DecidedCase {
    const kind = KINDS[this.#kinds[index] ?? KINDS.length];
    if (kind === undefined || index >= this.length) throw new RangeError(`there is no case ${index}`);
    return kind;
  }

  *[Symbol.iterator](): Iterator<CaseEntry> {
    for (let index = 0; index < this.length; index += 1) {
      const { status, finding } = this.kindAt(index);
      yield [this.numberAt(index), status, finding, { '...': this.digestAt(index) }];
    }
  }

  toJSON(): readonly CaseEntry[] {
    return [...this];
  }

  /** `false` when that is no entry of a case, which leaves the list as it was. */
  push(item: Json): boolean {
    if (!isJsonList(item) || item.length !== 4) return false;
    const [number, status, finding, commitment] = item;
    const kind = KINDS.findIndex((one) => one.status === status && one.finding === finding);
    const digest = fromBase64Url(commitmentDigest(commitment ?? null) ?? '');
    if (typeof number !== 'string' || !CASE_NUMBER.test(number)) return false;
    if (kind < 0 || digest?.length !== DIGEST_BYTES) return false;
    this.#numbers.push(number.length, (place) => encoder.encodeInto(number, place));
    this.#digests.push(DIGEST_BYTES, (place) => {
      place.set(digest);
    });
    if (this.#kinds.length < this.length) this.#kinds = doubled(this.#kinds);
    this.#kinds[this.length - 1] = kind;
    return true;
  }
}

/** Collects a {@link CaseList}, or the plain items once one of them is no entry: a schema can tell what is wrong. */
export function collectCases(): Collector {
  const cases = new CaseList();
  let odd: Json[] | undefined;
  return {
    take: (item) => {
      if (odd === undefined && cases.push(item)) return;
      odd ??= [...cases].map(([number, status, finding, commitment]) => [
        number,
        status,
        finding,
        { ...commitment },
      ]);
      odd.push(item);
    },
    done: () => odd ?? cases,
  };
}

function doubled(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}
