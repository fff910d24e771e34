import { sourceToTarget } from '../../interfaces/ngap/containers.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { numberIn, wireSlice } from '../../interfaces/ngap/values.ts';
import type { SNssai } from '../../interfaces/nas/values.ts';
import { handoverPreparation } from '../../interfaces/rrc/handover-messages.ts';
import { handoverRequest } from '../../simulators/amf/handover-messages.ts';
import { transferFor } from '../../simulators/amf/ue-context.ts';
import type { NgLink } from '../ng/link.ts';
import { Blocked } from '../procedure.ts';
import type { GnbDriver } from './gnb-driver.ts';

// A UE that there is none of comes from a node that there is none of: the tester asks as an AMF would that has both.

const FIRST_ALGORITHMS = Uint8Array.of(0xe0, 0xe0, 0xe0, 0xe0);
const NCC = 2;
const KEY = new Uint8Array(32).fill(0x5a);
/** Of the node that the UE comes from. */
const OTHER_CELL = 0x3f_00_01 * 2 ** 12 + 1;
const CAUSE = { radioNetwork: 'handover-desirable-for-radio-reason' } as const;

export interface WantedSession {
  readonly id: number;
  readonly slice: SNssai;
}

export interface WantedHandover {
  /** 36 bits. */
  readonly cell: number;
  readonly sessions: readonly WantedSession[];
  /** Octets of a UE security capability. */
  readonly capability?: Uint8Array;
}

/**
 * A cell of the product: that in which one of its UEs is.
 * @throws Blocked when no UE comes, or none that says where it is
 */
export async function ownCell(driver: GnbDriver, link: NgLink): Promise<number> {
  await driver.registered();
  const located = link.peer.journal.entries.flatMap(({ decoded: { message } }) => {
    if (message?.name !== 'InitialUEMessage') return [];
    const { UserLocationInformation: location } = message.ies;
    return location !== undefined && 'userLocationInformationNR' in location
      ? [numberIn(location.userLocationInformationNR['nR-CGI'].nRCellIdentity)]
      : [];
  });
  const [cell] = located;
  if (cell === undefined) throw Blocked.precondition('no UE says in which cell of NR it is');
  return cell;
}

/** The first slice of the product. @throws Blocked */
export function ownSlice({ amf }: GnbDriver): SNssai {
  const [slice] = amf.settings.slices;
  if (slice === undefined) throw Blocked.precondition('there is no slice');
  return slice;
}

/** With an uplink tunnel each at the user plane of the tester. */
export function handoverTo(
  { amf, parts: { ixit } }: GnbDriver,
  { cell, sessions, capability = FIRST_ALGORITHMS }: WantedHandover,
): Ies<'HandoverRequest'> {
  const { plmn } = ixit;
  const users = sessions.map(({ id, slice }) => ({ id, slice, user: amf.upf.session() }));
  return handoverRequest(amf, {
    ...{ capability, cause: CAUSE, amfUeId: amf.newUeId(), nextHop: { ncc: NCC, key: KEY } },
    sessions: users.map(({ id, slice, user }) => ({
      ...{ pDUSessionID: id, 's-NSSAI': wireSlice(slice), handoverRequestTransfer: transferFor(user) },
    })),
    container: sourceToTarget({
      ...{ rrc: handoverPreparation(), stayedS: 60 },
      ...{ from: { plmn, id: OTHER_CELL }, to: { plmn, id: cell } },
      sessions: users.map(({ id, user }) => ({ id, flows: [user.qfi] })),
    }),
  });
}
