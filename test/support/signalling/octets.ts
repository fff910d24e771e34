import * as e1ap from '../../../runners/interfaces/e1ap/codec.ts';
import { schema as e1apSchema } from '../../../runners/interfaces/e1ap/gen/e1ap-schema.js';
import * as e2ap from '../../../runners/interfaces/e2/codec.ts';
import { schema as e2apSchema } from '../../../runners/interfaces/e2/gen/e2ap-schema.js';
import { RULES as E2AP_RULES } from '../../../runners/interfaces/e2/messages.ts';
import * as f1ap from '../../../runners/interfaces/f1ap/codec.ts';
import { schema as f1apSchema } from '../../../runners/interfaces/f1ap/gen/f1ap-schema.js';
import * as ngap from '../../../runners/interfaces/ngap/codec.ts';
import { schema as ngapSchema } from '../../../runners/interfaces/ngap/gen/ngap-schema.js';
import { RandomValues } from '../../../runners/interfaces/per/mutate/random-values.ts';
import type { Schema } from '../../../runners/interfaces/per/schema.ts';
import * as xnap from '../../../runners/interfaces/xnap/codec.ts';
import { schema as xnapSchema } from '../../../runners/interfaces/xnap/gen/xnap-schema.js';
import type { ApRules, ElementRule } from '../../../runners/interfaces/ap/rules.ts';
import type { Element } from '../../../runners/interfaces/ap/types.ts';

interface Encoder {
  readonly encodeElements: (name: string, elements: readonly Element[]) => Uint8Array;
}

export interface SpokenProtocol {
  readonly name: ProtocolName;
  readonly ppid: number;
  readonly port: number;
  readonly schema: Schema;
  readonly rules: ApRules;
  readonly codec: Encoder;
}

export type ProtocolName = 'E2AP' | 'NGAP' | 'F1AP' | 'E1AP' | 'XnAP';
/** Values of elements by their names. */
export type Said = Readonly<Record<string, unknown>>;

export const SPOKEN: Readonly<Record<ProtocolName, SpokenProtocol>> = {
  E2AP: spoken('E2AP', { ...e2ap, ppid: 70, port: 36_421, schema: e2apSchema, rules: E2AP_RULES }),
  NGAP: spoken('NGAP', { ...ngap, ppid: 60, port: 38_412, schema: ngapSchema, rules: ngap.RULES }),
  F1AP: spoken('F1AP', { ...f1ap, ppid: 62, port: 38_472, schema: f1apSchema, rules: f1ap.RULES }),
  E1AP: spoken('E1AP', { ...e1ap, ppid: 64, port: 38_462, schema: e1apSchema, rules: e1ap.RULES }),
  XnAP: spoken('XnAP', { ...xnap, ppid: 61, port: 38_422, schema: xnapSchema, rules: xnap.RULES }),
};

interface Parts extends Pick<SpokenProtocol, 'ppid' | 'port' | 'schema'> {
  readonly rules: unknown;
  readonly encodeElements: unknown;
}

function spoken(name: ProtocolName, { ppid, port, schema, rules, encodeElements }: Parts): SpokenProtocol {
  const codec = { encodeElements: encodeElements as Encoder['encodeElements'] };
  return { name, ppid, port, schema, rules: rules as ApRules, codec };
}

/**
 * Messages of any name as octets: what a message has to have is made up, the same for the same seed, but for what is said of it.
 * What was made up is kept as it is encoded, so that a million messages take seconds.
 */
export class Octets {
  readonly #seed: number;
  readonly #variants: number;
  readonly #kept = new Map<string, ReadonlyMap<string, Element>>();
  #count = 0;

  /** @param variants of each message that are made up */
  constructor(seed: number, variants = 4) {
    this.#seed = seed;
    this.#variants = variants;
  }

  /** The octets of a message; elements that are said to be `undefined` are left out. */
  of(protocol: ProtocolName, name: string, said: Said = {}): Uint8Array {
    const { rules, codec } = SPOKEN[protocol];
    this.#count += 1;
    const madeUp = this.#madeUp(protocol, name, this.#count % this.#variants);
    const elements = rules.message(name).elements.flatMap((rule) => {
      const value = said[rule.name];
      if (value !== undefined) return [{ id: rule.id, criticality: rule.criticality, value }];
      const kept = rule.name in said ? undefined : madeUp.get(rule.name);
      return kept === undefined ? [] : [kept];
    });
    return codec.encodeElements(name, elements);
  }

  #madeUp(protocol: ProtocolName, name: string, variant: number): ReadonlyMap<string, Element> {
    const key = `${protocol} ${name} ${variant}`;
    const kept = this.#kept.get(key) ?? this.#makeUp(protocol, name, variant);
    this.#kept.set(key, kept);
    return kept;
  }

  #makeUp(protocol: ProtocolName, name: string, variant: number): ReadonlyMap<string, Element> {
    const { rules, schema } = SPOKEN[protocol];
    const random = new RandomValues(schema, this.#seed * 1_000 + variant + key32(name));
    const types = schema.tables.get(`${protocol}.${name}-IEs/&Value`);
    const wanted = rules.message(name).elements.filter(({ presence }) => presence === 'mandatory');
    return new Map(
      wanted.map((rule: ElementRule) => {
        const type = types?.get(String(rule.id));
        if (type === undefined) throw new Error(`nothing tells the type of ${rule.name} in ${name}`);
        return [rule.name, this.#small({ protocol, name, rule, value: () => random.value(type) })];
      }),
    );
  }

  /** One that is not much longer than those of real messages. */
  #small(parts: { protocol: ProtocolName; name: string; rule: ElementRule; value: () => unknown }): Element {
    const { protocol, name, rule, value } = parts;
    let best: { element: Element; length: number } | undefined;
    for (let tries = 0; tries < 8; tries += 1) {
      const element = { id: rule.id, criticality: rule.criticality, value: value() };
      const { length } = SPOKEN[protocol].codec.encodeElements(name, [element]);
      if (best === undefined || length < best.length) best = { element, length };
      if (length < MANY_OCTETS) break;
    }
    if (best === undefined) throw new Error('nothing was tried');
    return best.element;
  }
}

const MANY_OCTETS = 200;

function key32(text: string): number {
  return Array.from(text).reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7) % 1e6;
}
