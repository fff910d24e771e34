import { gtpTunnel, type SliceId, snssaiOf, type Tunnel } from '../ap/tunnel.ts';
import { wrapElements } from './codec.ts';
import type { AllItems } from './types.ts';

/** A data radio bearer that a gNB-DU is to set up. */
export interface DrbToSetup {
  readonly drb: number;
  readonly slice: SliceId;
  /** QoS flows on it with their 5QI. */
  readonly flows: readonly { readonly qfi: number; readonly fiveQi: number }[];
  /** Where the gNB-CU-UP takes what comes from the UE. */
  readonly uplink: Tunnel;
  /** Absent: not said, which the specification forbids. */
  readonly snBits?: 12 | 18;
}

const PRIORITY = {
  priorityLevel: 8,
  'pre-emptionCapability': 'shall-not-trigger-pre-emption',
  'pre-emptionVulnerability': 'not-pre-emptable',
} as const;

function qosOf(fiveQi: number) {
  return {
    'qoS-Characteristics': { 'non-Dynamic-5QI': { fiveQI: fiveQi } },
    nGRANallocationRetentionPriority: PRIORITY,
  };
}

/** @see TS 38.473 clauses 9.2.2.1, 9.3.1.19 */
export function drbToSetup(wanted: DrbToSetup): AllItems['DRBs-ToBeSetup-Item'] {
  const { drb, slice, flows, uplink, snBits } = wanted;
  const [information] = wrapElements('QoSInformation-ExtIEs', {
    'DRB-Information': {
      'dRB-QoS': qosOf(flows[0]?.fiveQi ?? 9),
      sNSSAI: snssaiOf(slice),
      'flows-Mapped-To-DRB-List': flows.map(({ qfi, fiveQi }) => ({
        qoSFlowIdentifier: qfi,
        qoSFlowLevelQoSParameters: qosOf(fiveQi),
      })),
    },
  });
  if (information === undefined) throw new TypeError('F1AP has no DRB-Information');
  const length = snBits === 12 ? ('twelve-bits' as const) : ('eighteen-bits' as const);
  return {
    dRBID: drb,
    qoSInformation: { 'choice-extension': information },
    'uLUPTNLInformation-ToBeSetup-List': [{ uLUPTNLInformation: { gTPTunnel: gtpTunnel(uplink) } }],
    rLCMode: 'rlc-am',
    ...(snBits === undefined
      ? {}
      : {
          'iE-Extensions': wrapElements('DRBs-ToBeSetup-ItemExtIEs', {
            DLPDCPSNLength: length,
            ULPDCPSNLength: length,
          }),
        }),
  };
}
