import { COMMON_DEFECTS, type Has } from '../ap/defects.ts';

/** Named defect modes, each with the sentence that says what it does wrong. Where they act, the code asks. */
export const O_CU_UP_DEFECTS = {
  ...COMMON_DEFECTS,
  'null-integrity-accepted': 'sets up a session whose integrity has to be protected without a key to do it',
  'same-teid-for-all': 'gives every bearer the same tunnel',
  'uplink-lost': 'passes on nothing that comes from a UE',
  'wrong-uplink-teid': 'puts what comes from a UE into another tunnel than that of its session',
  'integrity-left-out': 'does not protect the integrity of user data where that is required',
  'release-keeps-tunnels': 'answers the release of bearers and goes on to carry their data',
  'reset-half-done': 'acknowledges a reset and keeps the bearers',
  'own-reset-half-done': 'resets the interface and goes on to carry what it had reset',
  'partial-reset-as-full': 'takes the reset of some UEs, by itself or by others, for that of all',
  'forgets-modification': 'acknowledges a modification and goes on as before',
  'time-to-wait-ignored': 'sets E1 up again at once when it was told how long to wait',
} as const;

export type CuUpHas = Has<keyof typeof O_CU_UP_DEFECTS>;
