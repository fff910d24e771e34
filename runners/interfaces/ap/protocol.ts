import { ApCodec, type ApCodecParts, type DecodedPdu } from './codec.ts';
import { type Comprehension, comprehendBy } from './comprehension.ts';
import type { Reference } from './reference.ts';
import { ApRules, type ApText } from './rules.ts';
import type { AnyMessageIn, ApShape, Element, IesOf, NameIn, ProcedureIn } from './types.ts';

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

/** Sets of elements that stand in structures, or extend them; `Sets` has their objects by the whole names of the sets. */
export interface ElementSets<Sets, Module extends string> {
  readonly wrapElements: <Name extends SetName<Sets, Module>>(
    set: Name,
    ies: IesOf<Sets[`${Module}.${Name}` & keyof Sets]>,
  ) => readonly Element[];
  readonly unwrapElements: <Name extends SetName<Sets, Module>>(
    set: Name,
    elements: readonly Element[] | undefined,
  ) => Partial<IesOf<Sets[`${Module}.${Name}` & keyof Sets]>>;
}
type SetName<Sets, Module extends string> = keyof Sets extends infer Key
  ? Key extends `${Module}.${infer Name}`
    ? Name
    : never
  : never;

export function elementSets<Sets, Module extends string>(
  rules: Pick<ApRules, 'wrapElements' | 'unwrapElements'>,
): ElementSets<Sets, Module> {
  return {
    wrapElements: (set, ies) => rules.wrapElements(set, ies),
    unwrapElements: <Name extends SetName<Sets, Module>>(
      set: Name,
      elements: readonly Element[] | undefined,
    ) =>
      rules.unwrapElements(set, elements) as unknown as Partial<
        IesOf<Sets[`${Module}.${Name}` & keyof Sets]>
      >,
  };
}

export interface ApProtocol<S extends ApShape> {
  /** What the specification says of messages and elements beside their types. */
  readonly rules: ApRules<NameIn<S>, ProcedureIn<S>>;
  readonly codec: ApCodec<S['messages'], AnyMessageIn<S>, NameIn<S>, ProcedureIn<S>>;
  /** What the specification makes of a message, whatever it means. */
  readonly comprehend: (decoded: DecodedPdu<AnyMessageIn<S>>) => Comprehension;
  /** Payload protocol identifier of SCTP. */
  readonly ppid: number;
  readonly reference: Reference;
  /** Names of the elements of which any makes a message UE-associated signalling; none: there is no such signalling. */
  readonly ueElements: readonly string[];
}

/** A protocol by its module text and what was generated from it. */
export function makeProtocol<S extends ApShape>(
  text: ApText &
    Pick<ApCodecParts<string, string>, 'codecs'> &
    Pick<ApProtocol<S>, 'ppid' | 'reference' | 'ueElements'>,
): ApProtocol<S> {
  const { schema, codecs, ppid, reference, ueElements } = text;
  const rules = new ApRules<NameIn<S>, ProcedureIn<S>>(text);
  const codec = new ApCodec<S['messages'], AnyMessageIn<S>, NameIn<S>, ProcedureIn<S>>({
    rules,
    schema,
    codecs,
  });
  const comprehend = (decoded: DecodedPdu<AnyMessageIn<S>>): Comprehension => comprehendBy(rules, decoded);
  return { rules, codec, comprehend, ppid, reference, ueElements };
}
