import type { ApRules } from './rules.ts';
import type { Element } from './types.ts';

/**
 * A UE-associated connection as a RESET names it: by the identifier of the upper node (gNB-CU on F1, gNB-CU-CP on E1), by that of
 * the lower one (gNB-DU, gNB-CU-UP), or by both.
 */
export interface UeConnection {
  readonly upper?: number | undefined;
  readonly lower?: number | undefined;
}

/** What a protocol calls the parts of its RESET. */
export interface ResetWords {
  /** Alternatives of the reset type: the whole interface, and connections. */
  readonly whole: string;
  readonly part: string;
  readonly item: string;
  /** The list of a RESET ACKNOWLEDGE. */
  readonly list: string;
  /** Identifiers in an item. */
  readonly upper: string;
  readonly lower: string;
}

interface ResetIes {
  readonly TransactionID: number | bigint;
  readonly ResetType: object;
}

/** RESET and RESET ACKNOWLEDGE of F1AP and E1AP, which differ in names alone. @see TS 38.473 clause 8.2.1, TS 37.483 clause 8.2.1 */
export class Resets<Request extends ResetIes, Acknowledge extends object> {
  readonly #rules: Pick<ApRules, 'wrapItems' | 'unwrapItems'>;
  readonly #words: ResetWords;

  constructor(rules: Pick<ApRules, 'wrapItems' | 'unwrapItems'>, words: ResetWords) {
    this.#rules = rules;
    this.#words = words;
  }

  /** Of the whole interface, or of these connections. */
  request(TransactionID: number, connections?: readonly UeConnection[]): Request {
    const { whole, part } = this.#words;
    const ResetType =
      connections === undefined ? { [whole]: 'reset-all' } : { [part]: this.#listOf(connections) };
    const ies = { TransactionID, Cause: { misc: 'om-intervention' }, ResetType };
    return ies as unknown as Request;
  }

  /** Those that are to be reset; undefined: all of the interface. */
  connectionsIn(type: object): readonly UeConnection[] | undefined {
    const list = (type as Readonly<Record<string, readonly Element[] | undefined>>)[this.#words.part];
    return list === undefined ? undefined : this.#read(list);
  }

  /** Names the connections of the request in their order. */
  acknowledge({ TransactionID, ResetType }: ResetIes): Acknowledge {
    const connections = this.connectionsIn(ResetType);
    const list = this.#listOf(connections ?? []).map((each) => ({ ...each, criticality: 'ignore' }));
    const ies = { TransactionID, ...(connections === undefined ? {} : { [this.#words.list]: list }) };
    return ies as unknown as Acknowledge;
  }

  /** Those that a RESET ACKNOWLEDGE names. */
  acknowledgedIn(ies: object): readonly UeConnection[] {
    return this.#read((ies as Readonly<Record<string, readonly Element[] | undefined>>)[this.#words.list]);
  }

  #listOf(connections: readonly UeConnection[]): readonly Element[] {
    const { item, upper, lower } = this.#words;
    return this.#rules.wrapItems(
      item,
      connections.map((each) => ({
        ...(each.upper === undefined ? {} : { [upper]: each.upper }),
        ...(each.lower === undefined ? {} : { [lower]: each.lower }),
      })),
    );
  }

  #read(list: readonly Element[] | undefined): readonly UeConnection[] {
    const { item, upper, lower } = this.#words;
    const items = this.#rules.unwrapItems(item, list) as readonly Readonly<
      Record<string, number | undefined>
    >[];
    return items.map((each) => ({ upper: each[upper], lower: each[lower] }));
  }
}

/**
 * Whether a UE with these identifiers is one of the connections: what both name has to agree.
 * @param ue null: not known yet
 */
export function isAmong(
  connections: readonly UeConnection[] | undefined,
  ue: { readonly upper: number | null; readonly lower: number | null },
): boolean {
  if (connections === undefined) return true;
  return connections.some(
    ({ upper, lower }) =>
      (upper === undefined || ue.upper === null || upper === ue.upper) &&
      (lower === undefined || ue.lower === null || lower === ue.lower) &&
      (upper === ue.upper || lower === ue.lower),
  );
}
