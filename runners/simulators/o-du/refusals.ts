import type { EntryIn } from '../../interfaces/ap/peer.ts';
import type { ApMessage } from '../../interfaces/ap/types.ts';
import { errorIndication, failure, outgoing } from '../../interfaces/f1ap/codec.ts';
import type { F1apShape, Outgoing } from '../../interfaces/f1ap/types.ts';

export function unknownContext(message: ApMessage): Outgoing {
  const answer = failure(message, { radioNetwork: 'unknown-or-inconsistent-pair-of-ue-f1ap-id' });
  if (answer === null) throw new TypeError(`${message.name} has no failure`);
  return answer;
}

export function unknownUe(
  ies: { readonly 'gNB-CU-UE-F1AP-ID': number; readonly 'gNB-DU-UE-F1AP-ID': number },
  { decoded }: EntryIn<F1apShape>,
): Outgoing {
  const about = errorIndication(decoded, 'semantic-error') as Extract<Outgoing, { name: 'ErrorIndication' }>;
  const { 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du } = ies;
  return outgoing('ErrorIndication', {
    ...{ ...about.ies, 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du },
    Cause: { radioNetwork: 'unknown-or-inconsistent-pair-of-ue-f1ap-id' },
  });
}

/** Nothing can be done before F1 is set up. */
export function early(message: ApMessage, entry: EntryIn<F1apShape>): Outgoing {
  const cause = 'message-not-compatible-with-receiver-state';
  return failure(message, { protocol: cause }) ?? errorIndication(entry.decoded, cause);
}
