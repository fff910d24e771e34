import { Resets } from '../ap/resets.ts';
import { RULES } from './codec.ts';
import type { Ies } from './types.ts';

export const RESETS = new Resets<Ies<'Reset'>, Ies<'ResetAcknowledge'>>(RULES, {
  ...{ whole: 'e1-Interface', part: 'partOfE1-Interface', item: 'UE-associatedLogicalE1-ConnectionItem' },
  list: 'UE-associatedLogicalE1-ConnectionListResAck',
  ...{ upper: 'gNB-CU-CP-UE-E1AP-ID', lower: 'gNB-CU-UP-UE-E1AP-ID' },
});
