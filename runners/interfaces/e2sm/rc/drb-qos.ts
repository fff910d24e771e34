import type { DrbQos } from './commands.ts';
import { type Parameter, ParameterReader } from './parameters.ts';
import { DRB_QOS_PARAMETERS as IDS } from './styles.ts';

export function writeDrbQos(qos: DrbQos): readonly Parameter[] {
  const rates = [
    ...element(IDS.maxDl.id, qos.maxDlBitS),
    ...element(IDS.guaranteedDl.id, qos.guaranteedDlBitS),
    ...element(IDS.maxUl.id, qos.maxUlBitS),
    ...element(IDS.guaranteedUl.id, qos.guaranteedUlBitS),
  ];
  return [
    { id: IDS.drb.id, value: { key: { valueInt: qos.drb } } },
    ...element(IDS.fiveQi.id, qos.fiveQi),
    ...element(IDS.priorityLevel.id, qos.priorityLevel),
    ...(rates.length === 0 ? [] : [{ id: IDS.guaranteed.id, value: { structure: rates } }]),
  ];
}

export function readDrbQos(parameters: ParameterReader): DrbQos {
  const none = new ParameterReader([]);
  const rates = parameters.has(IDS.guaranteed.id) ? parameters.structure(IDS.guaranteed.id) : none;
  return {
    kind: 'drbQos',
    drb: parameters.integer(IDS.drb.id),
    ...named('fiveQi', parameters.optionalInteger(IDS.fiveQi.id)),
    ...named('priorityLevel', parameters.optionalInteger(IDS.priorityLevel.id)),
    ...named('maxDlBitS', rates.optionalInteger(IDS.maxDl.id)),
    ...named('guaranteedDlBitS', rates.optionalInteger(IDS.guaranteedDl.id)),
    ...named('maxUlBitS', rates.optionalInteger(IDS.maxUl.id)),
    ...named('guaranteedUlBitS', rates.optionalInteger(IDS.guaranteedUl.id)),
  };
}

function element(id: number, value: number | undefined): readonly Parameter[] {
  return value === undefined ? [] : [{ id, value: { element: { valueInt: value } } }];
}

function named<N extends string>(name: N, value: number | undefined): { readonly [K in N]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]?: number });
}
