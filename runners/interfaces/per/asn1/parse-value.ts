import type { ValueNode } from './syntax-tree.ts';
import { isIdentifier, isReference, type TokenStream } from './token-stream.ts';

/**
 * A value as it is written; what it means depends on its type.
 *
 * @see ITU-T X.680 clause 17
 */
export function parseValue(stream: TokenStream): ValueNode {
  return stream.nested(() => {
    const begins = stream.peek();
    if (stream.sees('{')) return { kind: 'braces', begins, tokens: stream.braces() };
    const { kind, text } = begins;
    if (kind === 'number' || kind === 'text' || kind === 'bits' || kind === 'hex') {
      stream.take();
      return { kind, begins, text };
    }
    if (kind !== 'word') throw stream.wrong('a value');
    // A value of another module is found by its own name: names of values do not clash in practice.
    if (isReference(begins) && stream.peek(1).text === '.') {
      stream.take();
      stream.take();
    }
    const word = stream.take().text;
    if (isIdentifier(begins) && stream.took(':'))
      return { kind: 'choice', begins, name: word, value: parseValue(stream) };
    return { kind: 'word', begins, word };
  });
}
