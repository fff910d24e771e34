import { make, type NGAP$RANStatusTransfer_TransparentContainer as BearerStates } from './gen/ngap.js';
import { bitsOf, type Cell } from './values.ts';
import { encodePlmn } from '../nas/identity.ts';
import { PerError } from '../per/error.ts';
import * as runtime from '../per/runtime.ts';

// What source and target of a handover hand each other past the AMF, which passes it on as it is.

const CODECS = make(runtime);
const [TO_TARGET, TO_SOURCE] = [
  CODECS['NGAP.SourceNGRANNode-ToTargetNGRANNode-TransparentContainer'],
  CODECS['NGAP.TargetNGRANNode-ToSourceNGRANNode-TransparentContainer'],
];

export type SourceToTarget = ReturnType<typeof TO_TARGET.decode>;
export type TargetToSource = ReturnType<typeof TO_SOURCE.decode>;

type NrCell = Pick<Cell, 'plmn' | 'id'>;

/** What the source knows. */
export interface Leaving {
  /** A HandoverPreparationInformation of RRC. */
  readonly rrc: Uint8Array;
  readonly from: NrCell;
  readonly to: NrCell;
  /** For how long the UE was in the cell that it leaves, in s. */
  readonly stayedS: number;
  readonly sessions: readonly { readonly id: number; readonly flows: readonly number[] }[];
  /** Whether it would send on what still comes down for these flows. */
  readonly forwards?: boolean;
}

const MOST_STAYED_S = 4_095;
const FIRST_DRB = 1;

/** @see TS 38.413 clause 9.3.1.29 */
export function sourceToTarget({ rrc, from, to, stayedS, sessions, forwards = false }: Leaving): Uint8Array {
  const stayed = {
    globalCellID: cgiOf(from),
    cellType: { cellSize: 'medium' },
    timeUEStayedInCell: Math.min(Math.floor(stayedS), MOST_STAYED_S),
  } as const;
  return TO_TARGET.encode({
    rRCContainer: rrc,
    ...(sessions.length === 0
      ? {}
      : {
          pDUSessionResourceInformationList: sessions.map(({ id, flows }, at) => ({
            pDUSessionID: id,
            qosFlowInformationList: flows.map((qosFlowIdentifier) => ({
              qosFlowIdentifier,
              ...(forwards ? { dLForwarding: 'dl-forwarding-proposed' as const } : {}),
            })),
            dRBsToQosFlowsMappingList: [
              {
                'dRB-ID': FIRST_DRB + at,
                associatedQosFlowList: flows.map((qosFlowIdentifier) => ({ qosFlowIdentifier })),
              },
            ],
          })),
        }),
    'targetCell-ID': cgiOf(to),
    uEHistoryInformation: [{ lastVisitedCellInformation: { nGRANCell: stayed } }],
  });
}

/** `null` of octets that are no such container. */
export function sourceToTargetIn(bytes: Uint8Array): SourceToTarget | null {
  return unlessInvalid(() => TO_TARGET.decode(bytes));
}

/** @param rrc a HandoverCommand @see TS 38.413 clause 9.3.1.30 */
export function targetToSource(rrc: Uint8Array): Uint8Array {
  return TO_SOURCE.encode({ rRCContainer: rrc });
}

/** `null` of octets that are no such container. */
export function targetToSourceIn(bytes: Uint8Array): TargetToSource | null {
  return unlessInvalid(() => TO_SOURCE.decode(bytes));
}

/** The state of so many bearers, numbered from 1, on which nothing was said yet. @see TS 38.413 clause 9.3.1.108 */
export function freshBearers(count: number): BearerStates {
  const value = { 'pDCP-SN18': 0, 'hFN-PDCP-SN18': 0 };
  return {
    dRBsSubjectToStatusTransferList: Array.from({ length: count }, (_, at) => ({
      'dRB-ID': FIRST_DRB + at,
      dRBStatusUL: { dRBStatusUL18: { 'uL-COUNTValue': value } },
      dRBStatusDL: { dRBStatusDL18: { 'dL-COUNTValue': value } },
    })),
  };
}

function unlessInvalid<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch (error) {
    if (error instanceof PerError && error.code === 'PER_INVALID') return null;
    throw error;
  }
}

function cgiOf({ plmn, id }: NrCell): SourceToTarget['targetCell-ID'] {
  return { 'nR-CGI': { pLMNIdentity: encodePlmn(plmn), nRCellIdentity: bitsOf(id, 36) } };
}
