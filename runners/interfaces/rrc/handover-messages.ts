import { make } from './gen/inter-node.js';
import * as runtime from '../per/runtime.ts';

const CODECS = make(runtime);

/** The smallest HandoverPreparationInformation: nothing is known of the UE. @see TS 38.331 clause 11.2.2 */
export function handoverPreparation(): Uint8Array {
  const contents = { 'ue-CapabilityRAT-List': [] };
  return CODECS['NR-Inter-Node.HandoverPreparationInformation'].encode({
    criticalExtensions: { c1: { handoverPreparationInformation: contents } },
  });
}

/**
 * A HandoverCommand whose RRCReconfiguration changes nothing but, where it is given, the keys.
 * @param ncc 0 to 7: which NH the target derives them of
 * @see TS 38.331 clauses 6.2.2, 11.2.2
 */
export function handoverCommand(ncc?: number): Uint8Array {
  const keys = { keySetChangeIndicator: false, nextHopChainingCount: ncc ?? 0 };
  const reconfiguration = CODECS['NR-Inter-Node.RRCReconfiguration'].encode({
    'rrc-TransactionIdentifier': 0,
    criticalExtensions: {
      rrcReconfiguration: ncc === undefined ? {} : { nonCriticalExtension: { masterKeyUpdate: keys } },
    },
  });
  return CODECS['NR-Inter-Node.HandoverCommand'].encode({
    criticalExtensions: { c1: { handoverCommand: { handoverCommandMessage: reconfiguration } } },
  });
}
