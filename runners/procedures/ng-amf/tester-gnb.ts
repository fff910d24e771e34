import type { Equipment } from '../../../src/domain/equipment.ts';
import type { EntryIn, OutcomeIn } from '../../interfaces/ap/peer.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import { locationOf } from '../../interfaces/ngap/values.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import type { GnbBehaviour } from '../../simulators/gnb/behaviour.ts';
import { Gnb } from '../../simulators/gnb/gnb.ts';
import { setupRequest } from '../../simulators/gnb/presentation.ts';
import type { RanUe } from '../../simulators/gnb/ran-ue.ts';
import { cellOf, DEFAULT_GNB, type GnbSettings } from '../../simulators/gnb/settings.ts';
import type { UserPlane } from '../../simulators/gnb/user-plane.ts';
import type { UeBehaviour, UeProfile } from '../../simulators/ue/types.ts';
import type { NgIxit } from '../ng/ixit.ts';
import { NgLink } from '../ng/link.ts';
import { wholeReset } from '../ng/resets.ts';
import { observeFact } from '../ng/ue-facts.ts';
import type { Bench } from '../procedure.ts';
import { TesterUe } from './tester-ue.ts';

export interface UeOptions {
  /** Which of the subscribers, counted from 0. */
  readonly subscriber?: number;
  readonly profile?: Partial<UeProfile>;
  readonly behaviour?: Partial<UeBehaviour>;
  /** What it is called in the evidence; default `ue-1` and so on. */
  readonly name?: string;
}

export interface TesterGnbParts {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly withinMs: number;
  readonly ixit: NgIxit;
  readonly userPlane: UserPlane;
  /** Which gNB it is. */
  readonly number: number;
  /** Of the association. */
  readonly name: string;
  readonly step: string;
}

/** A gNB of the tester on one association, with UEs. */
export class TesterGnb {
  readonly link: NgLink;
  readonly gnb: Gnb;
  readonly settings: GnbSettings;
  readonly #parts: TesterGnbParts;
  readonly #names = new Map<object, string>();
  #step: string;

  constructor(parts: TesterGnbParts, association: SctpAssociation) {
    const { bench, product, name, step, ixit, number, userPlane } = parts;
    const { plmn, tac, slices } = ixit;
    this.#parts = parts;
    this.#step = step;
    const { withinMs } = parts;
    this.settings = {
      ...{ ...DEFAULT_GNB, plmn, tac, slices, id: number, name: `tester-${number}` },
      // The product asks another node before it answers.
      ...{ prepareWithinMs: withinMs * 2, overallWithinMs: withinMs * 2 },
    };
    this.gnb = new Gnb({
      settings: this.settings,
      userPlane,
      told: (ue, fact) => observeFact(bench, this.#step, { ue: this.#names.get(ue) ?? 'ue', fact }),
    });
    const { handle, answerFaults } = this.gnb;
    this.link = new NgLink({
      ...{ bench, association, step, handle, answerFaults },
      parties: { association: name, tester: name, product: product.role },
    });
    this.gnb.use(this.link.peer);
  }

  get waiting(): { readonly signal: AbortSignal; readonly withinMs: number } {
    const { signal, withinMs } = this.#parts;
    return { signal, withinMs };
  }

  enter(step: string): void {
    this.#step = step;
    this.link.enter(step);
  }

  setUp(step: string, change: Partial<Ies<'NGSetupRequest'>> = {}): Promise<SetupOutcome> {
    this.enter(step);
    const ies = { ...setupRequest(this.settings), ...change };
    return this.link.request(step, { name: 'NGSetupRequest', ies }, this.waiting);
  }

  add({ name, behaviour }: UeOptions, profile: UeProfile): TesterUe {
    const { ixit, signal, withinMs } = this.#parts;
    const ue: RanUe = this.gnb.add(profile, behaviour);
    const called = name ?? `ue-${this.gnb.ues.length}`;
    this.#names.set(ue, called);
    const enter = (step: string): void => this.enter(step);
    return new TesterUe({
      ...{ name: called, ue, signal, withinMs, dnn: ixit.dnn, slice: ixit.slices[0], enter },
    });
  }

  /** From now on it does this otherwise. */
  behave(change: Partial<GnbBehaviour>): void {
    this.gnb.behaviour = { ...this.gnb.behaviour, ...change };
  }

  /** A UE of another gNB that is about to arrive is called here what it is called there. */
  expects({ ran, name }: TesterUe): void {
    this.#names.set(ran, name);
  }

  /** Whether the product still does what every AMF must: a reset of everything is answered. UEs are gone then. */
  async probe(step = 'alive'): Promise<void> {
    this.enter(step);
    const from = this.link.next;
    await this.link.send(step, wholeReset());
    for (const ue of this.gnb.ues) ue.released();
    const fits = ({ decoded }: EntryIn<NgapShape>): boolean => decoded.message?.name === 'NGResetAcknowledge';
    await this.link.waitFor(fits, { ...this.waiting, from });
  }

  /** Sends, and waits for what can come of it: an answer, or an ERROR INDICATION. What the product begins of its own is neither. */
  async provoke(step: string, octets: Uint8Array | Outgoing): Promise<void> {
    this.enter(step);
    const from = this.link.next;
    await (octets instanceof Uint8Array ? this.link.sendBytes(step, octets) : this.link.send(step, octets));
    await this.link.waitFor(canComeOfIt, { ...this.waiting, from });
  }

  /** NAS under identifiers that need not be right, and what comes of it. */
  async provokeNas(step: string, ids: UeIds, nas: Uint8Array): Promise<void> {
    await this.provoke(step, this.uplink(ids, nas));
  }

  uplink(ids: UeIds, nas: Uint8Array): Outgoing {
    const location = locationOf(cellOf(this.settings));
    return outgoing('UplinkNASTransport', { ...ids, 'NAS-PDU': nas, UserLocationInformation: location });
  }

  async close(): Promise<void> {
    for (const ue of this.gnb.ues) ue.stop();
    await this.link.close();
  }
}

function canComeOfIt({ relation, decoded: { message } }: EntryIn<NgapShape>): boolean {
  if (relation === 'again') return false;
  return message === null || message.kind !== 'initiating' || message.name === 'ErrorIndication';
}

export type UeIds = Pick<Ies<'UplinkNASTransport'>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>;

export type SetupOutcome = OutcomeIn<NgapShape, 'NGSetupRequest'>;
