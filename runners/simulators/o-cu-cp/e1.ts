import type { EntryIn } from '../../interfaces/ap/peer.ts';
import type { ApMessage } from '../../interfaces/ap/types.ts';
import { plmnText } from '../../interfaces/ap/values.ts';
import { errorIndication, failure, outgoing, PROTOCOL } from '../../interfaces/e1ap/codec.ts';
import type { UeConnection } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/e1ap/resets.ts';
import type { AcceptedMessage, AnyAccepted, E1apShape, Ies, Outgoing } from '../../interfaces/e1ap/types.ts';
import type { CuCpHas } from './defects.ts';
import { type Session, Sessions } from './sessions.ts';
import { whenUp } from '../when-up.ts';

/** What ends so soon after it was asked something was already ending. */
const STALE_MS = 500;

/** A gNB-CU-UP that has set up. */
export interface CuUpRecord {
  readonly id: number;
}
export type E1Session = Session<E1apShape, CuUpRecord>;

export interface E1Deps {
  readonly has: CuCpHas;
  readonly plmn: string;
  readonly maxAssociations: number;
  readonly answerWithinMs: number;
  readonly say: (text: string) => void;
  /** Its bearers are gone, all of them or those of these connections. */
  readonly lost: (session: E1Session, connections?: readonly UeConnection[]) => void;
}

type Supported = Ies<'GNB-CU-UP-E1SetupRequest'>['SupportedPLMNs'];

/** E1 of a gNB-CU-CP, as far as it is not about UEs. @see TS 37.483 clause 8.2 */
export class E1Server {
  readonly sessions: Sessions<E1apShape, CuUpRecord>;
  readonly #deps: E1Deps;

  constructor(deps: E1Deps) {
    const { has, say, answerWithinMs, maxAssociations: most } = deps;
    this.#deps = deps;
    this.sessions = new Sessions<E1apShape, CuUpRecord>({
      ...{ protocol: PROTOCOL, has, most, answerWithinMs, say },
      answer: (session, message, entry) => this.#answer(session, message, entry),
      ended: (session) => deps.lost(session),
    });
  }

  /** On the newest association that has not set up yet; null when there is none. @see clause 8.2.4 */
  initiate(): true | null {
    const session = [...this.sessions.all].findLast(({ known }) => known === null);
    if (session === undefined) return null;
    const TransactionID = session.peer.newTransactionId();
    const asked = session.request('GNB-CU-CP-E1SetupRequest', { TransactionID, 'gNB-CU-CP-Name': 'cu-1' });
    void asked.then((outcome) => {
      // It was the last of an association whose end was on its way: that of the gNB-CU-UP that came again is meant.
      if (outcome.kind === 'ended' && outcome.tookMs < STALE_MS) void whenUp(() => this.initiate());
      if (outcome.kind !== 'successful') return;
      const { 'gNB-CU-UP-ID': id, SupportedPLMNs } = outcome.message.ies;
      if (this.#serves(SupportedPLMNs)) session.known = { id };
    });
    return true;
  }

  /** It resets the interface, or the connections of some UEs: they are gone for both. @see clause 8.2.1.2.1 */
  async beginReset(session: E1Session, connections?: readonly UeConnection[]): Promise<void> {
    const { has, lost } = this.#deps;
    const named = has('partial-reset-as-full') ? undefined : connections;
    if (!has('own-reset-half-done')) lost(session, named);
    await session.send(outgoing('Reset', RESETS.request(session.peer.newTransactionId(), named)));
  }

  #reset(session: E1Session, { ies }: AcceptedMessage<'Reset'>): Outgoing {
    const { has, lost } = this.#deps;
    const named = has('partial-reset-as-full') ? undefined : RESETS.connectionsIn(ies.ResetType);
    if (!has('reset-half-done')) lost(session, named);
    return outgoing('ResetAcknowledge', RESETS.acknowledge(ies));
  }

  #serves(supported: Supported): boolean {
    const { plmn, has } = this.#deps;
    return (
      supported.some((each) => plmnText(each['pLMN-Identity']) === plmn) || has('plmn-mismatch-accepted')
    );
  }

  #answer(session: E1Session, message: AnyAccepted, entry: EntryIn<E1apShape>): readonly Outgoing[] {
    if (message.name === 'GNB-CU-UP-E1SetupRequest') {
      const { TransactionID, 'gNB-CU-UP-ID': id, SupportedPLMNs } = message.ies;
      if (!this.#serves(SupportedPLMNs)) return [refused(message)];
      session.known = { id };
      this.#deps.say(`E1 setup by gNB-CU-UP ${id}`);
      return [outgoing('GNB-CU-UP-E1SetupResponse', { TransactionID, 'gNB-CU-CP-Name': 'cu-1' })];
    }
    if (message.name === 'ErrorIndication') return [];
    if (session.known === null) return [early(message, entry)];
    switch (message.name) {
      case 'GNB-CU-UP-ConfigurationUpdate': {
        const { TransactionID } = message.ies;
        return [outgoing('GNB-CU-UP-ConfigurationUpdateAcknowledge', { TransactionID })];
      }
      case 'Reset':
        return [this.#reset(session, message)];
      case 'E1ReleaseRequest':
        session.known = null;
        this.#deps.lost(session);
        return [outgoing('E1ReleaseResponse', { TransactionID: message.ies.TransactionID })];
      default:
        return [];
    }
  }
}

function refused(message: ApMessage): Outgoing {
  const answer = failure(message, { misc: 'unspecified' });
  if (answer === null) throw new TypeError(`${message.name} has no failure`);
  return answer;
}

/** Nothing can be done before E1 is set up. */
function early(message: ApMessage, entry: EntryIn<E1apShape>): Outgoing {
  const cause = 'message-not-compatible-with-receiver-state';
  return failure(message, { protocol: cause }) ?? errorIndication(entry.decoded, cause);
}
