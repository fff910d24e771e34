import { COMMON_DEFECTS, type Has } from '../ap/defects.ts';

/** Named defect modes, each with the sentence that says what it does wrong. Where they act, the code asks. */
export const O_CU_CP_DEFECTS = {
  ...COMMON_DEFECTS,
  'omits-pdcp-sn-length': 'does not tell the gNB-DU how long the sequence numbers of a bearer are',
  'duplicate-cell-accepted': 'takes a cell that another gNB-DU serves',
  'plmn-mismatch-accepted': 'takes a gNB-DU or gNB-CU-UP of a PLMN that it does not serve',
  'reset-half-done': 'acknowledges a reset and keeps the UEs, or the bearers',
  'own-reset-half-done': 'resets an interface and goes on as if what it had reset were still there',
  'partial-reset-as-full': 'takes the reset of some UEs, by itself or by others, for that of all',
  'reconnect-refused': 'refuses a gNB-DU that comes back while its dead association is still there',
  'null-integrity-accepted': 'protects the RRC of a UE by null integrity',
  'paging-lost': 'does not pass on pages',
  'forgets-update': 'acknowledges a configuration update and goes on with what was before',
  'no-association-limit': 'accepts any number of associations',
  's-tmsi-kept-back': 'does not tell the AMF what a UE is called that says so',
  'du-tunnel-not-told': 'does not tell the gNB-CU-UP where the gNB-DU takes packets',
  'bearer-release-forgotten': 'releases a UE and not its bearers',
  'short-mac-not-checked': 'gives a connection back to whoever names one, whatever its shortMAC-I is',
  'reestablishes-under-old-keys': 'gives a connection back under the keys of before',
  'old-du-id-omitted': 'does not tell the gNB-DU which UE has come back',
  'bearers-not-reestablished': 'gives a connection back without its bearers',
  'handover-without-bearers': 'asks the target of a handover for no bearer of the UE',
  'handover-tunnel-not-told': 'does not tell the gNB-CU-UP where a UE is after a handover',
  'source-goes-on': 'does not tell the source of a handover to stop sending to the UE',
  'source-not-released': 'leaves the context of a UE at the source of a handover',
  'user-plane-keys-swapped': 'gives the gNB-CU-UP the key for integrity as the one for ciphering',
} as const;

export type CuCpHas = Has<keyof typeof O_CU_CP_DEFECTS>;
