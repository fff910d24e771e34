import type { Schema, SchemaType } from '../../runners/interfaces/per/schema.ts';
import { replaced, resolved, type Site, sitesOf } from '../../runners/interfaces/per/mutate/sites.ts';
import { isObject } from '../../runners/interfaces/per/values.ts';

/** REGISTRATION COMPLETE of 5GMM, without security (3GPP TS 24.501 clause 8.2.8). */
const NAS = Uint8Array.of(0x7e, 0x00, 0x43);
/** ERROR INDICATION of NGAP without elements. */
const NGAP = Uint8Array.of(0x00, 0x09, 0x40, 3, 0, 0, 0);
/** So many zeros are enough for any message of RRC that begins with the first of its alternatives. */
const ENOUGH = new Uint8Array(150);

/** Types of handover: what is in containers of those that leave or enter 5GS is of others, where zeros mean nothing. */
const OUTSIDE: readonly unknown[] = ['fivegs-to-eps', 'eps-to-5gs', 'fivegs-to-utran'];
const INSIDE = 'intra5gs';

const NAS_ELEMENT = 38;
const NGAP_ELEMENT = 42;

/**
 * A random value in which octets of other protocols, which a dissector looks into, are the shortest that mean something: a message of NAS,
 * or zeros, as many as one of RRC may want.
 */
export function plainOctets(schema: Schema, type: SchemaType, value: unknown): unknown {
  const sites = sitesOf(schema, type, value).map((site) => ({ ...site, type: typeOf(schema, site) }));
  const octets = sites.filter(isOctets);
  const plain = octets.reduce((whole, site) => replaced(whole, site.path, contentsOf(whole, site)), value);
  return sites
    .filter((site) => OUTSIDE.includes(site.value))
    .reduce((whole, { path }) => replaced(whole, path, INSIDE), plain);
}

/** Of an element that is octets itself, what these are. */
function typeOf(schema: Schema, { type, value, contents }: Site): SchemaType {
  return contents !== null && value instanceof Uint8Array ? resolved(schema, contents) : type;
}

function isOctets({ type, value }: Site): boolean {
  return type.kind === 'octets' && type.contents === null && value instanceof Uint8Array;
}

function contentsOf(whole: unknown, { type, value, path }: Site): Uint8Array {
  const isFree = type.kind === 'octets' && (type.size.ranges.at(-1)?.max ?? null) === null;
  if (!isFree) return new Uint8Array((value as Uint8Array).length);
  const holder = path.slice(0, -1).reduce<unknown>((at, step) => (at as Holder)[step], whole);
  const id = isObject(holder) && path.at(-1) === 'value' ? holder['id'] : undefined;
  if (id === NAS_ELEMENT || /nas-pdu/iu.test(String(path.at(-1)))) return NAS;
  return id === NGAP_ELEMENT ? NGAP : ENOUGH;
}

type Holder = Readonly<Record<string | number, unknown>>;
