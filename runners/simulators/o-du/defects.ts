import { COMMON_DEFECTS, type Has } from '../ap/defects.ts';

/** It answers no set-up: it asks for one. */
const { 'setup-answered-twice': _, ...ANSWERS } = COMMON_DEFECTS;

/** Named defect modes, each with the sentence that says what it does wrong. Where they act, the code asks. */
export const O_DU_DEFECTS = {
  ...ANSWERS,
  'dummy-system-information': 'sends octets that mean nothing as the system information of its cells',
  'plmn-mismatch': 'broadcasts another PLMN than it tells the gNB-CU',
  'time-to-wait-ignored': 'sets F1 up again at once when it was told how long to wait',
  'reset-half-done': 'acknowledges a reset and keeps the UEs',
  'own-reset-half-done': 'resets the interface and goes on as if its UEs were still known there',
  'partial-reset-as-full': 'takes the reset of some UEs, by itself or by others, for that of all',
  'paging-lost': 'does not page the UEs that the gNB-CU pages',
  'same-teid-for-all': 'gives every bearer the same tunnel',
  'wrong-uplink-teid': 'sends what comes from a UE into another tunnel than that of the bearer',
  'no-delivery-status': 'does not tell what it delivered when it is asked',
  'release-forgotten': 'answers the release of a UE and goes on with it',
} as const;

export type DuHas = Has<keyof typeof O_DU_DEFECTS | 'setup-answered-twice'>;
