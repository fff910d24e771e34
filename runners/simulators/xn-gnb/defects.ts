/** Named defect modes, each with the sentence that says what it does wrong. Where they act, the code asks {@link Has}. */
export const XN_GNB_DEFECTS = {
  'duplicate-cell-accepted': 'accepts a neighbour that serves a cell with the identity of one of its own',
  'plmn-mismatch-accepted': 'accepts a neighbour that has no PLMN in common with it',
  'tai-list-incoherent': 'serves cells in a tracking area that it does not say it supports',
  'setup-answered-twice': 'answers a setup twice',
  'time-to-wait-ignored': 'sets up again at once when it was told how long to wait',
  'reconnect-refused': 'refuses a neighbour whose former association it believes to be there still',
  'associations-unlimited': 'takes more associations than it says',
  'ppid-zero': 'sends its messages under the payload protocol identifier 0',
  'criticality-ignored': 'acts on messages with elements that it must understand and does not know',
  'transfer-syntax-ignored': 'says nothing about messages that it cannot decode',
  'unknown-ids-ignored': 'says nothing about messages of UEs that it does not know',
  'repeated-element-crash': 'crashes on a message in which an element stands twice',
  'reset-half-done': 'answers a full reset and keeps the contexts of UEs',
  'partial-reset-releases-all': 'releases every UE when it is to release one',
  'unknown-cell-accepted': 'accepts handovers to cells that it does not have',
  'wrong-ue-id': 'acknowledges a handover under another identifier of the UE',
  'status-transfer-missing': 'hands a UE over without telling the state of its bearers',
  'cancel-ignored': 'keeps the context of a handover that was cancelled',
  'preparation-timer-missing': 'waits for ever for the answer to a handover request',
  'overall-timer-missing': 'waits for ever for the end of a handover',
  'keeps-source-context': 'keeps the context of a UE that was handed over',
  'source-not-released': 'does not tell the source that a UE has arrived',
  'path-switch-changes-capabilities':
    'tells the AMF of other security capabilities of a UE than the source told it',
  'context-for-any-mac': 'gives the context of a UE to whoever asks, with whatever MAC-I',
  'paging-lost': 'does not pass the paging of an inactive UE on to its neighbours',
} as const;

export type XnGnbDefect = keyof typeof XN_GNB_DEFECTS;

export type Has = (defect: XnGnbDefect) => boolean;

export function defective(defects: readonly string[]): Has {
  const chosen = new Set(defects);
  return (defect) => chosen.has(defect);
}
