import { Resets } from '../ap/resets.ts';
import { RULES } from './codec.ts';
import type { Ies } from './types.ts';

export const RESETS = new Resets<Ies<'Reset'>, Ies<'ResetAcknowledge'>>(RULES, {
  ...{ whole: 'f1-Interface', part: 'partOfF1-Interface', item: 'UE-associatedLogicalF1-ConnectionItem' },
  list: 'UE-associatedLogicalF1-ConnectionListResAck',
  ...{ upper: 'gNB-CU-UE-F1AP-ID', lower: 'gNB-DU-UE-F1AP-ID' },
});
