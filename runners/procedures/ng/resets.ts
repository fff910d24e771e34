import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';

/** The reset of everything, that every AMF and every gNB answers. */
export function wholeReset(): { readonly name: 'NGReset'; readonly ies: Ies<'NGReset'> } {
  const ies = { Cause: { misc: 'om-intervention' }, ResetType: { 'nG-Interface': 'reset-all' } } as const;
  return outgoing('NGReset', ies) as ReturnType<typeof wholeReset>;
}
