/** Named defect modes, each with the sentence that says what it does wrong. Where they act, the code asks {@link Has}. */
export const E2_NODE_DEFECTS = {
  'function-id-zero': 'announces its KPM function under the RAN function id 0',
  'wrong-transaction-id': 'answers with a transaction id that is one too high',
  'mandatory-ie-missing': 'leaves the RAN function id out of subscription responses',
  'wrong-request-id': 'answers subscriptions with another RIC request id',
  'criticality-ignored': 'acts on messages with elements that it must understand and does not know',
  'time-to-wait-ignored': 'sets up again at once when it was told how long to wait',
  'endless-retries': 'sets up again without any pause when it was refused',
  'association-flood': 'opens one association after the other to the same RIC',
  'transfer-syntax-ignored': 'says nothing about messages that it cannot decode',
  'kpm-timestamp-4-octets':
    'sends time stamps of four octets, as KPM v2 has them, whatever version it declares',
  'ppid-zero': 'sends its messages under the payload protocol identifier 0',
  'wrong-period': 'reports half as often as it was asked to',
  'indications-after-delete': 'goes on to report after the subscription was deleted',
  'indications-after-reset': 'goes on to report after a reset',
  'wrong-cause': 'says that a RAN function is invalid when a request id is unknown',
  'control-always-acknowledged': 'acknowledges controls that it does not understand',
  'service-query-ignored': 'never answers a service query',
  'repeated-element-crash': 'crashes on a message in which an element stands twice',
  'silent-function': 'accepts subscriptions and reports nothing',
} as const;

export type E2NodeDefect = keyof typeof E2_NODE_DEFECTS;

export type Has = (defect: E2NodeDefect) => boolean;

export function defective(defects: readonly string[]): Has {
  const chosen = new Set(defects);
  return (defect) => chosen.has(defect);
}
