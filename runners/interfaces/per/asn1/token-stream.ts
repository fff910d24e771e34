import { asn1Error, type Place } from './asn1-error.ts';
import type { TypeNode } from './syntax-tree.ts';
import type { Token } from './tokens.ts';

/** Deepest nesting of types, values and constraints in a module. */
const MAX_DEPTH = 200;

const END: Token = { kind: 'sign', text: '<end>', file: '<end>', line: 0, at: -1 };

export type TypeReader = (stream: TokenStream) => TypeNode;

/**
 * A place in a list of tokens, with the few questions a parser asks.
 *
 * Types contain constraints and constraints contain types: the stream carries the reader of types, so that
 * what reads constraints and components need not import it.
 */
export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #readType: TypeReader;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], readType: TypeReader) {
    this.#tokens = tokens;
    this.#readType = readType;
  }

  /** The same for some tokens that were set aside. */
  over(tokens: readonly Token[]): TokenStream {
    return new TokenStream(tokens, this.#readType);
  }

  type(): TypeNode {
    return this.#readType(this);
  }

  isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? END;
  }

  /** Whether the next tokens are these words and signs. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => {
      const token = this.peek(ahead);
      return token.text === text && token.kind !== 'text';
    });
  }

  /** Takes these words and signs if they are next. */
  took(...texts: readonly string[]): boolean {
    if (!this.sees(...texts)) return false;
    this.#next += texts.length;
    return true;
  }

  take(): Token {
    const token = this.peek();
    if (token === END) throw this.wrong('something more');
    this.#next += 1;
    return token;
  }

  expect(...texts: readonly string[]): void {
    for (const text of texts) if (!this.took(text)) throw this.wrong(text);
  }

  /** A name that begins with a small letter. */
  identifier(): string {
    if (!isIdentifier(this.peek())) throw this.wrong('an identifier');
    return this.take().text;
  }

  /** A name that begins with a capital. */
  reference(): string {
    if (!isReference(this.peek())) throw this.wrong('a reference');
    return this.take().text;
  }

  /** What stands between the next `{` and its `}`. */
  braces(): readonly Token[] {
    this.expect('{');
    const start = this.#next;
    for (let depth = 1; depth > 0;) {
      const { kind, text } = this.take();
      if (kind !== 'sign') continue;
      if (text === '{') depth += 1;
      if (text === '}') depth -= 1;
    }
    return this.#tokens.slice(start, this.#next - 1);
  }

  /** Items between `{` and `}`, with commas between them. */
  list<T>(item: () => T): readonly T[] {
    const items: T[] = [];
    this.expect('{');
    while (!this.took('}')) {
      items.push(item());
      if (!this.took(',') && !this.sees('}')) throw this.wrong(', or }');
    }
    return items;
  }

  /** Reads something that may contain more of its kind, to a depth that the stack bears. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw asn1Error(this.place(), 'this is nested too deeply');
    const value = read();
    this.#depth -= 1;
    return value;
  }

  place(): Place {
    const token = this.peek();
    return token === END ? (this.#tokens.at(-1) ?? END) : token;
  }

  wrong(expected: string): Error {
    return asn1Error(this.place(), `${expected} was expected, not ${JSON.stringify(this.peek().text)}`);
  }
}

export function isIdentifier({ kind, text }: Token): boolean {
  return kind === 'word' && /^[a-z]/u.test(text);
}

export function isReference({ kind, text }: Token): boolean {
  return kind === 'word' && /^[A-Z]/u.test(text);
}
