import type { Ies } from '../../interfaces/e2/types.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import { isKnownMeasurement, MEASUREMENTS } from '../../interfaces/e2sm/kpm/measurements.ts';
import type { KpmValue, KpmVersion, Report } from '../../interfaces/e2sm/kpm/types.ts';
import { serviceModel } from '../../interfaces/e2sm/service-models.ts';
import { PerError } from '../../interfaces/per/error.ts';
import { type NodeRecord, requestKey, type Subscription } from './node-record.ts';

export type Indication = Partial<Ies<'RICindication'>>;

/** Values by measurement, or why nothing can be made of the indication. */
export type Reading = { readonly values: ReadonlyMap<string, number> } | { readonly discarded: string };

export interface IndicationRules {
  readonly kpm: KpmVersion;
  readonly maxPerS: number;
  /** Whether it looks at the values. */
  readonly checks: boolean;
}

/** Reads what an indication says, by the rules of whoever runs the RIC; what does not fit them is thrown away. */
export class IndicationReader {
  readonly #rules: IndicationRules;
  /** Of each node, when its last indications came, in ms. */
  readonly #came = new Map<string, number[]>();

  constructor(rules: IndicationRules) {
    this.#rules = rules;
  }

  read(indication: Indication, node: NodeRecord, nowMs: number): Reading {
    if (this.#isTooMany(node, nowMs)) return { discarded: 'rate' };
    const { RICrequestID, RANfunctionID, RICactionID } = indication;
    const subscription =
      RICrequestID === undefined ? undefined : node.subscriptions.get(requestKey(RICrequestID));
    if (subscription === undefined) return { discarded: 'request-unknown' };
    if (subscription.functionId !== RANfunctionID || subscription.actionId !== RICactionID)
      return { discarded: 'function-or-action-unknown' };
    const oid = node.functions.get(subscription.functionId)?.ranFunctionOID ?? '';
    if (serviceModel(oid).name !== 'E2SM-KPM') return { values: new Map() };
    return this.#readKpm(indication, subscription);
  }

  #isTooMany({ name }: NodeRecord, nowMs: number): boolean {
    const came = (this.#came.get(name) ?? []).filter((atMs) => nowMs - atMs < 1_000);
    const isOver = came.length >= this.#rules.maxPerS;
    // Only what is taken counts, so that a node that goes on too fast still gets its share.
    this.#came.set(name, isOver ? came : [...came, nowMs]);
    return isOver;
  }

  #readKpm(
    { RICindicationHeader: header, RICindicationMessage: message }: Indication,
    subscription: Subscription,
  ): Reading {
    const model = KPM[this.#rules.kpm];
    try {
      model.header.decode(header ?? new Uint8Array());
      const read = model.message.decode(message ?? new Uint8Array());
      if (read.format !== 1) return { values: new Map() };
      return valuesIn(read.report, subscription, this.#rules.checks ? isPlausible : () => true);
    } catch (error) {
      if (!(error instanceof PerError)) throw error;
      return { discarded: 'format' };
    }
  }
}

function valuesIn(
  { records, measurements }: Report,
  subscription: Subscription,
  isBelievable: (name: string, value: number) => boolean,
): Reading {
  const names =
    measurements?.map(({ measurement }) =>
      'name' in measurement ? measurement.name : `#${measurement.id}`,
    ) ?? subscription.measurements;
  const values = new Map<string, number>();
  for (const { values: list } of records) {
    for (const [index, value] of list.entries()) {
      const name = names[index] ?? `#${index}`;
      const number = numberOf(value);
      if (number === undefined) continue;
      if (!isBelievable(name, number)) return { discarded: 'value' };
      values.set(name, number);
    }
  }
  return { values };
}

function numberOf(value: KpmValue): number | undefined {
  if ('integer' in value) return value.integer;
  return 'real' in value ? value.real : undefined;
}

function isPlausible(name: string, value: number): boolean {
  if (!isKnownMeasurement(name)) return true;
  const { min, max } = MEASUREMENTS[name];
  return value >= min && value <= max;
}
