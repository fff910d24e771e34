import type { Item } from '../../interfaces/e2/types.ts';

export type RanFunction = Item<'RANfunction-Item'>;
export type Component = Pick<
  Item<'E2nodeComponentConfigAddition-Item'>,
  'e2nodeComponentInterfaceType' | 'e2nodeComponentID'
>;

export interface Subscription {
  readonly requestId: { readonly ricRequestorID: number; readonly ricInstanceID: number };
  readonly functionId: number;
  readonly actionId: number;
  readonly measurements: readonly string[];
  state: 'asked' | 'active';
}

/** What was made of the indications of a node. */
export interface Ledger {
  processed: number;
  /** How many were thrown away, by the reason. */
  readonly discarded: Map<string, number>;
  /** The last values, by measurement. */
  readonly values: Map<string, number>;
}

/** What the RIC knows of an E2 node, whatever associations it has. */
export interface NodeRecord {
  readonly name: string;
  readonly functions: Map<number, RanFunction>;
  /** By {@link componentKey}. */
  readonly components: Map<string, Component>;
  /** By {@link requestKey}. */
  readonly subscriptions: Map<string, Subscription>;
  readonly ledger: Ledger;
}

export function newNode(name: string): NodeRecord {
  const ledger = { processed: 0, discarded: new Map<string, number>(), values: new Map<string, number>() };
  return { name, functions: new Map(), components: new Map(), subscriptions: new Map(), ledger };
}

export function requestKey({ ricRequestorID, ricInstanceID }: Subscription['requestId']): string {
  return `${ricRequestorID}.${ricInstanceID}`;
}

export function componentKey({ e2nodeComponentInterfaceType, e2nodeComponentID }: Component): string {
  const octets = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array
      ? Buffer.from(value).toString('hex')
      : typeof value === 'bigint'
        ? String(value)
        : value;
  return JSON.stringify([e2nodeComponentInterfaceType, e2nodeComponentID], octets);
}
