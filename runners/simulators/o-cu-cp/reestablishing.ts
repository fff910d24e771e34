import type { RrcMessage } from '../../interfaces/rrc/messages.ts';
import type { CuCpHas } from './defects.ts';
import type { CuUe, UePlace } from './ue.ts';

type Request = Extract<RrcMessage<'ulCcch'>, { readonly name: 'rrcReestablishmentRequest' }>;

export interface Reestablishing {
  /** Where it asks. */
  readonly place: UePlace;
  readonly request: Request;
  readonly has: CuCpHas;
}

/**
 * The UE that asks for its connection back; null when there is none, or when it cannot prove that it is that one: then it begins anew.
 * Its context has to be at the same gNB-DU.
 * @see TS 38.331 clause 5.3.7.4
 */
export function reestablishing(ues: readonly CuUe[], { place, request, has }: Reestablishing): CuUe | null {
  const { 'c-RNTI': rnti, physCellId: pci, 'shortMAC-I': mac } = request.contents['ue-Identity'];
  const known = ues.find(
    (ue) => ue.du === place.du && ue.isInDu && ue.place.rnti === rnti && ue.place.cell.pci === pci,
  );
  if (known === undefined || !known.rrc.isSecured) return null;
  const { nRCellIdentity: cellIdentity } = place.cell.nrcgi;
  const isProven = known.rrc.isShortMac(mac.bits, { pci, rnti, cellIdentity });
  return isProven || has('short-mac-not-checked') ? known : null;
}
