import { HarnessError } from '../../../src/kernel/errors.ts';
import { ApPeer, type EntryIn, type OutcomeIn } from '../../interfaces/ap/peer.ts';
import type { ApProtocol } from '../../interfaces/ap/protocol.ts';
import type { AnyAcceptedIn, ApShape, IesIn, OutgoingIn, RequestIn } from '../../interfaces/ap/types.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import { answersWith, faultAnswer } from '../ap/defects.ts';
import type { CuCpHas } from './defects.ts';

const LIMITS = { entries: 1_000, bytes: 4 * 1024 * 1024 };

export interface SessionsDeps<S extends ApShape, Known> {
  readonly protocol: ApProtocol<S>;
  readonly has: CuCpHas;
  readonly most: number;
  readonly answerWithinMs: number;
  readonly answer: (
    session: Session<S, Known>,
    message: AnyAcceptedIn<S>,
    entry: EntryIn<S>,
  ) => readonly OutgoingIn<S>[];
  readonly ended: (session: Session<S, Known>) => void;
  readonly say: (text: string) => void;
}

/** One association with a neighbour; `known` once it has set up. */
export class Session<S extends ApShape, Known> {
  readonly peer: ApPeer<S>;
  known: Known | null = null;
  readonly #deps: SessionsDeps<S, Known>;

  constructor(deps: SessionsDeps<S, Known>, association: SctpAssociation) {
    const { protocol, has, answer } = deps;
    this.#deps = deps;
    this.peer = new ApPeer<S>(protocol, {
      association,
      limits: LIMITS,
      handle: (message, entry) => answersWith<S>(has, message, answer(this, message, entry)),
      answerFaults: (entry, standard) =>
        faultAnswer<S>(has, {
          ...{ entry, standard },
          take: (message) => answer(this, message as unknown as AnyAcceptedIn<S>, entry),
        }),
    });
  }

  /** Sends, unless the association has ended meanwhile. */
  async send(message: OutgoingIn<S>): Promise<void> {
    try {
      await this.peer.send(message);
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    }
  }

  request<Name extends RequestIn<S>>(name: Name, ies: IesIn<S, Name>): Promise<OutcomeIn<S, Name>> {
    const timeoutMs = this.#deps.answerWithinMs;
    return this.peer.request(name, ies, { signal: FOREVER, timeoutMs });
  }
}

const FOREVER = new AbortController().signal;

/** All associations of an interface on which others come. */
export class Sessions<S extends ApShape, Known> {
  readonly all = new Set<Session<S, Known>>();
  readonly #deps: SessionsDeps<S, Known>;

  constructor(deps: SessionsDeps<S, Known>) {
    this.#deps = deps;
  }

  /** Takes an association, or refuses it when there are too many. */
  admit(association: SctpAssociation): void {
    const { most, has, say, ended } = this.#deps;
    if (this.all.size >= most && !has('no-association-limit')) {
      association.abort('too many associations');
      return;
    }
    const session = new Session(this.#deps, association);
    this.all.add(session);
    const over = (): void => {
      this.all.delete(session);
      ended(session);
    };
    session.peer.ended.then(over, (error: unknown) => {
      say(`a session broke: ${String(error)}`);
      over();
    });
  }

  /** Those that have set up. */
  get known(): readonly (Session<S, Known> & { readonly known: Known })[] {
    return [...this.all].filter((each): each is Session<S, Known> & { known: Known } => each.known !== null);
  }
}
