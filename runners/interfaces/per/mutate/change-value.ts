import { encodeValue } from '../interpret-encode.ts';
import type { Ranges, Schema, SchemaType, Size, StructureType } from '../schema.ts';
import { isBitString, isObject, plainInteger, REST } from '../values.ts';
import type { Variant } from '../writer.ts';
import { type Changed, changeOctets } from './change-octets.ts';
import type { RandomValues } from './random-values.ts';
import { replaced, type Site, sitesOf } from './sites.ts';

export interface Changing {
  readonly schema: Schema;
  readonly variant: Variant;
  readonly random: RandomValues;
}

/** Nothing that is put into a message makes it longer than that, in octets or items, so that mutants stay cheap. */
const LARGE = 20_000;
/** So many items are enough to be more than any receiver has seen. */
const MANY_ITEMS = 300;
/** Lists hold what messages are made of, so every third change is one of theirs. */
const LISTS = 1 / 3;

/** One change in one place of a value; `null` where that place cannot be changed so, or the value is no longer one of its type. */
export function changeValue(
  changing: Changing,
  type: SchemaType,
  value: unknown,
): Changed<Uint8Array> | null {
  const { schema, variant, random } = changing;
  const sites = sitesOf(schema, type, value);
  const lists = sites.filter((site) => site.type.kind === 'list');
  const site = random.pick(lists.length > 0 && random.unit() < LISTS ? lists : sites);
  const changed = changeSite(changing, site);
  if (changed === null) return null;
  const whole = replaced(value, site.path, changed.to);
  return {
    how: `${site.path.join('.')}: ${changed.how}`,
    to: encodeValue(schema, variant, { type, value: whole }),
  };
}

type Change = Changed<unknown> | null;

function changeSite(changing: Changing, site: Site): Change {
  const { type, value } = site;
  const { random } = changing;
  switch (type.kind) {
    case 'boolean':
      return { how: 'the other', to: value !== true };
    case 'integer':
      return { how: 'another number', to: changeInteger(type, random) };
    case 'enumerated': {
      if (type.extensible && random.unit() < 0.5)
        return { how: 'unknown item', to: `${REST}${type.additions.length + random.below(300)}` };
      return { how: 'another item', to: random.pick([...type.root, ...type.additions]) };
    }
    case 'octets':
      return value instanceof Uint8Array ? changeLength(type.size, value, random) : null;
    case 'bits':
      return changeBits(type.size, value, random);
    case 'list':
      return Array.isArray(value) ? changeList(changing, type, value) : null;
    case 'structure':
      return changeStructure(changing, type, value);
    case 'choice': {
      if (type.extensible && random.unit() < 0.4) {
        const addition = { index: type.additions.length + random.below(300), bytes: random.octets(4) };
        return { how: 'unknown alternative', to: { [REST]: addition } };
      }
      return { how: 'another alternative', to: random.value(type, SMALL) };
    }
    case 'open':
      return changeOpen(changing, site);
    default:
      return { how: 'another value', to: random.value(type, SMALL) };
  }
}

/** A depth at which random values have become small, but still have members. */
const SMALL = 9;

/** Ends of the range and what lies beside them; also beyond it, where the type may be extended. */
function changeInteger(
  { ranges, extensible }: { readonly ranges: Ranges; readonly extensible: boolean },
  random: RandomValues,
): number | bigint {
  const min = ranges[0]?.min ?? -(2n ** BigInt(random.pick([7, 31, 63, 100])));
  const max = ranges.at(-1)?.max ?? 2n ** BigInt(random.pick([7, 31, 63, 100]));
  const inside = [min, max, min + 1n, max - 1n, (min + max) / 2n];
  return plainInteger(random.pick(extensible ? [...inside, min - 1n, max + 1n] : inside));
}

function changeLength(size: Size, value: Uint8Array, random: RandomValues): Changed<Uint8Array> {
  const length = anotherLength(size, value.length, random);
  const to = random.octets(Math.min(length, value.length));
  if (random.unit() < 0.5) to.set(value.subarray(0, to.length));
  if (length <= value.length) return { how: `${length} octets`, to };
  const longer = new Uint8Array(length).fill(random.below(256));
  longer.set(value);
  return { how: `${length} octets`, to: longer };
}

function anotherLength({ min, max, extensible }: Size, length: number, random: RandomValues): number {
  const most = Math.min(max ?? LARGE, LARGE);
  const lengths = [min, most, length, length + 1, Math.max(length - 1, 0), random.below(most + 1)];
  const outside = extensible && max !== null ? [Math.min(max + 1, LARGE)] : [];
  return random.pick([...lengths, ...outside]);
}

function changeBits(size: Size, value: unknown, random: RandomValues): Change {
  if (!isBitString(value)) return null;
  const length = anotherLength(size, value.length, random);
  const bits = random.octets(Math.ceil(length / 8));
  const last = bits.length - 1;
  if (length % 8 > 0) bits[last] = (bits[last] ?? 0) & (0xff << (8 - (length % 8)));
  return { how: `${length} bits`, to: { bits, length } };
}

function changeList(
  { random }: Changing,
  { element, size }: SchemaType & { readonly kind: 'list' },
  items: readonly unknown[],
): Changed<unknown> {
  const at = random.below(Math.max(items.length, 1));
  const other = random.below(Math.max(items.length, 1));
  const most = Math.min(size.max ?? MANY_ITEMS, MANY_ITEMS);
  const ways: readonly (() => Changed<unknown>)[] = [
    () => ({ how: 'an item less', to: items.toSpliced(at, 1) }),
    () => ({ how: 'an item twice', to: items.toSpliced(other, 0, items[at]) }),
    () => ({ how: 'an item elsewhere', to: items.toSpliced(at, 1).toSpliced(other, 0, items[at]) }),
    () => ({ how: 'backwards', to: items.toReversed() }),
    () => ({ how: 'no items', to: [] }),
    () => ({
      how: 'very many items',
      to: Array.from({ length: most }, (_, place) => items[place] ?? items[at]),
    }),
    () => ({ how: 'an item more', to: items.toSpliced(at, 0, random.value(element, SMALL)) }),
    () => ({ how: 'another item', to: items.toSpliced(at, 1, random.value(element, SMALL)) }),
  ];
  return random.pick(ways)();
}

function changeStructure({ random }: Changing, type: StructureType, value: unknown): Change {
  if (!isObject(value)) return null;
  if (type.extensible && random.unit() < 0.4) {
    const count = type.additions.length + 1 + random.below(70);
    const additions = [{ index: count - 1, bytes: random.octets(1 + random.below(6)) }];
    return { how: 'unknown addition', to: { ...value, [REST]: { count, additions } } };
  }
  const optional = type.root.filter((member) => member.optional && member.type.kind !== 'open');
  if (optional.length === 0) return null;
  const { name, type: inner } = random.pick(optional);
  if (value[name] === undefined)
    return { how: `with ${name}`, to: { ...value, [name]: random.value(inner, SMALL) } };
  return { how: `without ${name}`, to: { ...value, [name]: undefined } };
}

/** What is inside is changed, and the lengths outside it still fit. */
function changeOpen({ schema, variant, random }: Changing, { contents, value }: Site): Change {
  const raw = isObject(value) ? value[REST] : value;
  const bytes =
    raw instanceof Uint8Array || contents === null
      ? raw
      : encodeValue(schema, variant, { type: contents, value });
  if (!(bytes instanceof Uint8Array)) return null;
  const { how, to } =
    random.unit() < 0.2 ? { how: 'noise', to: random.octets(random.below(40)) } : changeOctets(bytes, random);
  return { how: `inside, ${how}`, to: { [REST]: to } };
}
