import { bitsOf, plmnText } from '../../interfaces/ap/values.ts';
import { outgoing, wrapItems } from '../../interfaces/f1ap/codec.ts';
import type { AcceptedMessage } from '../../interfaces/ngap/types.ts';
import { cellsOf, type Du, type F1Session } from './f1.ts';

/** To every gNB-DU that has a cell in one of the tracking areas. @see TS 38.473 clause 8.7 */
export function page(
  { ies }: AcceptedMessage<'Paging'>,
  sessions: readonly (F1Session & { readonly known: Du })[],
): void {
  const { UEPagingIdentity: identity, TAIListForPaging: areas = [] } = ies;
  if (identity === undefined || !('fiveG-S-TMSI' in identity)) return;
  const { aMFSetID, aMFPointer, 'fiveG-TMSI': tmsi } = identity['fiveG-S-TMSI'];
  const number = joined([aMFSetID.bits, 10], [aMFPointer.bits, 6], [tmsi, 32]);
  for (const session of sessions) {
    const cells = areas.flatMap(({ tAI }) => {
      const [a = 0, b = 0, c = 0] = tAI.tAC;
      const area = { plmn: plmnText(tAI.pLMNIdentity), tac: (a << 16) | (b << 8) | c };
      return cellsOf([session.known], area);
    });
    if (cells.length === 0) continue;
    void session.send(
      outgoing('Paging', {
        UEIdentityIndexValue: { indexLength10: bitsOf(number % 1_024n, 10) },
        PagingIdentity: { cNUEPagingIdentity: { 'fiveG-S-TMSI': bitsOf(number, 48) } },
        'PagingCell-List': wrapItems(
          'PagingCell-Item',
          cells.map(({ nrcgi }) => ({ nRCGI: nrcgi })),
        ),
      }),
    );
  }
}

/** Numbers of so many bits one behind the other. */
function joined(...parts: readonly (readonly [octets: Uint8Array, bits: number])[]): bigint {
  return parts.reduce((value, [octets, bits]) => {
    const whole = [...octets].reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
    return (value << BigInt(bits)) | (whole >> BigInt(octets.length * 8 - bits));
  }, 0n);
}
