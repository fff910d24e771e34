import { ApCodec, type ApCodecParts, type DecodedPdu } from './codec.ts';
import { type Comprehension, comprehendBy } from './comprehension.ts';
import { ApRules, type ApText } from './rules.ts';
import type { Element } from './types.ts';

/** Values as elements of a list and back; `Items` has the type of each by its name. */
export interface ItemLists<Items> {
  /** Values as elements of a list. */
  readonly wrapItems: <Name extends keyof Items & string>(
    name: Name,
    values: readonly Items[Name][],
  ) => readonly Element[];
  /** The values in a list, as far as they are of that name and could be read. */
  readonly unwrapItems: <Name extends keyof Items & string>(
    name: Name,
    elements: readonly Element[] | undefined,
  ) => readonly Items[Name][];
}

export function itemLists<Items>(rules: Pick<ApRules, 'wrapItems' | 'unwrapItems'>): ItemLists<Items> {
  return {
    wrapItems: (name, values) => rules.wrapItems(name, values),
    unwrapItems: <Name extends keyof Items & string>(name: Name, elements: readonly Element[] | undefined) =>
      rules.unwrapItems(name, elements) as readonly Items[Name][],
  };
}

export interface ApProtocol<Messages, Any, Name extends keyof Messages & string, Procedure extends string> {
  /** What the specification says of messages and elements beside their types. */
  readonly rules: ApRules<Name, Procedure>;
  readonly codec: ApCodec<Messages, Any, Name, Procedure>;
  /** What the specification makes of a message, whatever it means. */
  readonly comprehend: (decoded: DecodedPdu<Any>) => Comprehension;
}

/** A protocol by its module text and what was generated from it. */
export function makeProtocol<Messages, Any, Name extends keyof Messages & string, Procedure extends string>(
  text: ApText & Pick<ApCodecParts<Name, Procedure>, 'codecs'>,
): ApProtocol<Messages, Any, Name, Procedure> {
  const { schema, codecs } = text;
  const rules = new ApRules<Name, Procedure>(text);
  const codec = new ApCodec<Messages, Any, Name, Procedure>({ rules, schema, codecs });
  return { rules, codec, comprehend: (decoded) => comprehendBy(rules, decoded as DecodedPdu) };
}
