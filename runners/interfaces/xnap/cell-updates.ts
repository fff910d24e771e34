import { isRead } from '../ap/rules.ts';
import { RULES } from './codec.ts';
import type { Sets } from './gen/xnap.js';
import type { Ies } from './types.ts';

/** How the cells of a gNB change. @see 3GPP TS 38.423 clause 9.1.3.4 */
export type CellUpdate = Sets['XnAP.ConfigurationUpdate-gNB']['id-servedCellsToUpdate-NR']['&Value'];

type Choice = Ies<'NGRANNodeConfigurationUpdate'>['ConfigurationUpdateInitiatingNodeChoice'];

const RULE = RULES.elementsOf('XnAP.ConfigurationUpdate-gNB').find(
  ({ name }) => name === 'servedCellsToUpdate-NR',
);

export function withCellUpdate(update: CellUpdate): Choice {
  if (RULE === undefined) throw new TypeError('our text of XnAP has no served cells to update');
  const { id, criticality } = RULE;
  return { gNB: [{ id, criticality, value: update }] };
}

/** `undefined` where the node is no gNB, where its cells do not change, or where nobody could read how. */
export function cellUpdateIn(choice: Choice | undefined): CellUpdate | undefined {
  const elements = choice !== undefined && 'gNB' in choice ? choice.gNB : [];
  const found = elements.find(({ id, value }) => id === RULE?.id && isRead(value));
  return found?.value as CellUpdate | undefined;
}
