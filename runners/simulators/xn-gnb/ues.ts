import { handoverPreparation } from '../../interfaces/rrc/handover-messages.ts';
import type { SessionsToSetUp, UePair } from '../../interfaces/xnap/handover.ts';
import type { NrCell } from '../../interfaces/xnap/node.ts';
import type { Ies } from '../../interfaces/xnap/types.ts';
import type { XnUe } from '../../interfaces/xnap/ue-context.ts';
import type { OnXn } from './ports.ts';
import type { XnGnbSettings } from './settings.ts';

/** A UE of this node. */
export interface OwnUe {
  readonly ranUeId: number;
  readonly cell: NrCell;
  readonly context: XnUe;
  /** By which it comes back when it is inactive: 40 bits, and 16 that show that it is it. */
  readonly iRnti: number;
  readonly mac: number;
  readonly isInactive: boolean;
}

/** A UE that another node hands over, or whose context was retrieved from it. */
export interface TakenUe {
  readonly ranUeId: number;
  readonly cell: NrCell;
  readonly amfUeId: number;
  readonly capabilities: Ies<'HandoverRequest'>['UEContextInfoHORequest']['ueSecurityCapabilities'];
  readonly sessions: SessionsToSetUp;
}

/** What two nodes have of a UE that goes from one to the other: an identifier each. */
export interface UeContext {
  readonly session: OnXn;
  /** What we are in it. */
  readonly side: 'source' | 'target';
  readonly ours: number;
  /** Null as long as it was not told. */
  theirs: number | null;
  readonly own?: OwnUe;
  readonly taken?: TakenUe;
  /** Stops what waits for its end. */
  timer?: NodeJS.Timeout;
}

/** All that is under way, and the UEs. */
export class Contexts {
  readonly ues: OwnUe[];
  readonly #open = new Set<UeContext>();
  #lastId = 0;
  #lastRanUeId: number;

  constructor(ues: readonly OwnUe[]) {
    this.ues = [...ues];
    this.#lastRanUeId = ues.length;
  }

  get open(): readonly UeContext[] {
    return [...this.#open];
  }

  newRanUeId(): number {
    return (this.#lastRanUeId += 1);
  }

  add(context: Omit<UeContext, 'ours'>): UeContext {
    const added = { ...context, ours: (this.#lastId += 1) };
    this.#open.add(added);
    return added;
  }

  /** One that was taken out, with what is known of it now. */
  restore(context: UeContext): UeContext {
    this.#open.add(context);
    return context;
  }

  find(session: OnXn, ours: number | undefined): UeContext | undefined {
    return this.open.find((each) => each.session === session && each.ours === ours);
  }

  remove(context: UeContext): void {
    clearTimeout(context.timer);
    this.#open.delete(context);
  }

  removeAllOf(session: OnXn): void {
    for (const context of this.open) if (context.session === session) this.remove(context);
  }

  /** A UE that is not part of anything, nor inactive. */
  free(): OwnUe | undefined {
    return this.ues.find((ue) => !ue.isInactive && this.open.every(({ own }) => own !== ue));
  }

  leave(ue: OwnUe): void {
    const at = this.ues.indexOf(ue);
    if (at >= 0) this.ues.splice(at, 1);
  }
}

/** The two identifiers in the order in which messages have them. */
export function pairOf({ side, ours, theirs }: UeContext): UePair {
  const other = theirs ?? 0;
  return side === 'source' ? { source: ours, target: other } : { source: other, target: ours };
}

/** The first two algorithms beside the one that does nothing, of both kinds. */
const CAPABILITIES = {
  nrEncryption: 0xc000,
  nrIntegrity: 0xc000,
  eutraEncryption: 0xc000,
  eutraIntegrity: 0xc000,
} as const;
const AMF_UES_FROM = 1_000;

export function smallUes(settings: XnGnbSettings, cells: readonly NrCell[]): readonly OwnUe[] {
  const [cell] = cells;
  if (cell === undefined) return [];
  const { plmn, gnb, ues, sst, amfRegion: region, host: address } = settings;
  return Array.from({ length: ues }, (_, index): OwnUe => {
    const number = index + 1;
    return {
      ...{ ranUeId: number, cell, isInactive: number === ues },
      iRnti: gnb * 256 + number,
      mac: (0x5a00 + number) & 0xffff,
      context: {
        amf: { plmn, region, set: 1, pointer: 0, address },
        amfUeId: gnb * AMF_UES_FROM + number,
        capabilities: CAPABILITIES,
        key: new Uint8Array(32).fill(number),
        ncc: 0,
        sessions: [{ id: 1, slice: { sst }, upf: { address, teid: number }, qfi: 1, fiveQi: 9 }],
        rrc: handoverPreparation(),
      },
    };
  });
}
