import { handoverCommand } from '../rrc/handover-messages.ts';
import { outgoing } from './codec.ts';
import type { ApMessage } from '../ap/types.ts';
import type { Ies, Outgoing } from './types.ts';

/** The two ends of a UE on Xn: who gives it away, and who takes it. */
export interface UePair {
  readonly source: number;
  readonly target: number;
}

export type SessionsToSetUp =
  Ies<'HandoverRequest'>['UEContextInfoHORequest']['pduSessionResourcesToBeSetup-List'];

const DRB = 1;

/** Admits all sessions with all their flows. @see 3GPP TS 38.423 clause 9.1.1.2 */
export function acknowledgement(
  { source, target }: UePair,
  sessions: SessionsToSetUp,
): Ies<'HandoverRequestAcknowledge'> {
  return {
    'sourceNG-RANnodeUEXnAPID': source,
    'targetNG-RANnodeUEXnAPID': target,
    'PDUSessionResourcesAdmitted-List': sessions.map((session) => ({
      pduSessionId: session.pduSessionId,
      pduSessionResourceAdmittedInfo: {
        'qosFlowsAdmitted-List': session['qosFlowsToBeSetup-List'].map(({ qfi }) => ({ qfi })),
      },
    })),
    'Target2SourceNG-RANnodeTranspContainer': handoverCommand(),
  };
}

/** @see clause 9.1.1.4 */
export function statusTransfer({ source, target }: UePair): Ies<'SNStatusTransfer'> {
  const count = { cOUNTValue: { 'pdcp-SN12': 1, 'hfn-PDCP-SN12': 0 } };
  return {
    'sourceNG-RANnodeUEXnAPID': source,
    'targetNG-RANnodeUEXnAPID': target,
    'DRBsSubjectToStatusTransfer-List': [
      {
        drbID: DRB,
        'pdcpStatusTransfer-UL': { 'pdcp-sn-12bits': count },
        'pdcpStatusTransfer-DL': { 'pdcp-sn-12bits': count },
      },
    ],
  };
}

/** @see clause 9.1.1.5 */
export function contextRelease({ source, target }: UePair): Ies<'UEContextRelease'> {
  return { 'sourceNG-RANnodeUEXnAPID': source, 'targetNG-RANnodeUEXnAPID': target };
}

/** What is wrong with the identifiers of a message: none of ours, or one of ours with another one of theirs. @see clause 10.6 */
export type IdFault = 'unknown-local-NG-RAN-node-UE-XnAP-ID' | 'inconsistent-remote-NG-RAN-node-UE-XnAP-ID';

/** The ERROR INDICATION about identifiers; it names them as a source names its own old. */
export function idError({ ies }: Pick<ApMessage, 'ies'>, fault: IdFault): Outgoing {
  const ids = ies as Readonly<Record<string, number | undefined>>;
  const old = ids['sourceNG-RANnodeUEXnAPID'] ?? ids['oldNG-RANnodeUEXnAPID'];
  const taken = ids['targetNG-RANnodeUEXnAPID'] ?? ids['newNG-RANnodeUEXnAPID'];
  return outgoing('ErrorIndication', {
    ...(old === undefined ? {} : { 'oldNG-RANnodeUEXnAPID': old }),
    ...(taken === undefined ? {} : { 'newNG-RANnodeUEXnAPID': taken }),
    Cause: { radioNetwork: fault },
  });
}
