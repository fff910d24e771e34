import { PerError } from '../../../runners/interfaces/per/error.ts';
import { decodeValue } from '../../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../../runners/interfaces/per/interpret-encode.ts';
import { sitesOf } from '../../../runners/interfaces/per/mutate/sites.ts';
import { sameValue } from '../../../runners/interfaces/per/values.ts';
import type { Subject } from './subject.ts';

export interface Look {
  readonly accepted: boolean;
  /** What must not be. */
  readonly wrong: readonly string[];
}

type Outcome = { readonly value: unknown } | { readonly refused: PerError };

/** Everything that must hold of any octets at all. */
export function look(subject: Subject, bytes: Uint8Array): Look {
  const { schema, type, codec } = subject;
  const decoding = { schema, variant: 'aligned', type } as const;
  const fast = outcome(() => codec.decode(bytes));
  const slow = outcome(() => decodeValue(bytes, { ...decoding, mode: 'strict' }).value);
  const wrong = [
    ...('refused' in outcome(() => subject.use(bytes)) && 'value' in slow && subject.name.endsWith('-PDU')
      ? ['a message that was read could not be answered']
      : []),
    ...lenient(subject, bytes, slow),
  ];
  if ('refused' in fast || 'refused' in slow) {
    if ('refused' in fast !== 'refused' in slow)
      wrong.push(`${'refused' in fast ? 'generated' : 'interpreter'} alone refuses: ${refusal(fast, slow)}`);
    return { accepted: false, wrong };
  }
  if (!sameValue(fast.value, slow.value)) wrong.push('two values were read');
  return { accepted: true, wrong: [...wrong, ...again(subject, slow.value, bytes)] };
}

/** Only a refusal is caught: what else is thrown ends the run with its stack. */
function outcome(act: () => unknown): Outcome {
  try {
    return { value: act() };
  } catch (error) {
    if (error instanceof PerError && error.code === 'PER_INVALID') return { refused: error };
    throw error;
  }
}

function refusal(...outcomes: readonly Outcome[]): string {
  return outcomes.map((each) => ('refused' in each ? each.refused.message : '')).join('');
}

/** The lenient reader finds fault with what the strict one refuses, and with nothing else; it begins with the same one. */
function lenient({ schema, type }: Subject, bytes: Uint8Array, strict: Outcome): readonly string[] {
  const read = outcome(() => decodeValue(bytes, { schema, variant: 'aligned', type, mode: 'lenient' }));
  if ('refused' in read) return 'refused' in strict ? [] : ['lenient refuses what strict reads'];
  const { value, faults } = read.value as ReturnType<typeof decodeValue>;
  const [first] = faults;
  if ('value' in strict)
    return first === undefined && sameValue(value, strict.value) ? [] : ['lenient differs from strict'];
  if (first === undefined) return ['lenient finds no fault with what strict refuses'];
  const { path, bitOffset, message } = strict.refused.found;
  const same = first.path === path && first.bitOffset === bitOffset && first.message === message;
  return same ? [] : [`lenient begins with ${first.path}: ${first.message}, strict with ${path}: ${message}`];
}

/** What was read is written by both encoders, alike, and gives the same octets where the sender has no choice. */
function again({ schema, type, codec }: Subject, value: unknown, bytes: Uint8Array): readonly string[] {
  const slow = encodeValue(schema, 'aligned', { type, value });
  if (!same(codec.encode(value), slow)) return ['the encoders write different octets'];
  if (same(slow, bytes)) return [];
  const hasReal = sitesOf(schema, type, value).some((site) => site.type.kind === 'real');
  const reread = decodeValue(slow, { schema, variant: 'aligned', type, mode: 'strict' }).value;
  return hasReal && sameValue(reread, value) ? [] : ['read and written again, it is not the same'];
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
