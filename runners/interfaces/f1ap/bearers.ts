import { gtpTunnel, type SliceId, snssaiOf, type Tunnel, tunnelOf } from '../ap/tunnel.ts';
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

/** Of a UE CONTEXT SETUP REQUEST. @see TS 38.473 clauses 9.2.2.1, 9.3.1.19 */
export function drbToSetup(wanted: DrbToSetup): AllItems['DRBs-ToBeSetup-Item'] {
  const lengths = lengthsOf(wanted);
  return {
    ...partsOf(wanted),
    ...(lengths === null ? {} : { 'iE-Extensions': wrapElements('DRBs-ToBeSetup-ItemExtIEs', lengths) }),
  };
}

/** The same in a UE CONTEXT MODIFICATION REQUEST. @see clause 9.2.2.7 */
export function drbToSetupMod(wanted: DrbToSetup): AllItems['DRBs-ToBeSetupMod-Item'] {
  const lengths = lengthsOf(wanted);
  return {
    ...partsOf(wanted),
    ...(lengths === null ? {} : { 'iE-Extensions': wrapElements('DRBs-ToBeSetupMod-ItemExtIEs', lengths) }),
  };
}

function lengthsOf({ snBits }: DrbToSetup) {
  if (snBits === undefined) return null;
  const length = snBits === 12 ? ('twelve-bits' as const) : ('eighteen-bits' as const);
  return { DLPDCPSNLength: length, ULPDCPSNLength: length };
}

function partsOf({ drb, slice, flows, uplink }: DrbToSetup) {
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
  return {
    dRBID: drb,
    qoSInformation: { 'choice-extension': information },
    'uLUPTNLInformation-ToBeSetup-List': [{ uLUPTNLInformation: { gTPTunnel: gtpTunnel(uplink) } }],
    rLCMode: 'rlc-am' as const,
  };
}

/** Where a gNB-DU takes what goes to the UE, by bearer. */
export function downlinkTunnels(
  items: readonly Pick<AllItems['DRBs-Setup-Item'], 'dRBID' | 'dLUPTNLInformation-ToBeSetup-List'>[],
): readonly { readonly drb: number; readonly downlink: Tunnel }[] {
  return items.flatMap((item) => {
    const downlink = tunnelOf(item['dLUPTNLInformation-ToBeSetup-List'][0]?.dLUPTNLInformation);
    return downlink === null ? [] : [{ drb: Number(item.dRBID), downlink }];
  });
}
