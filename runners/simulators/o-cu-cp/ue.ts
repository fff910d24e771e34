import type { Tunnel } from '../../interfaces/ap/tunnel.ts';
import type { DrbToSetup } from '../../interfaces/f1ap/bearers.ts';
import type { SeenCell } from '../../interfaces/f1ap/cells.ts';
import { RrcNetworkSide } from '../../interfaces/rrc/network-side.ts';
import type { RrcContents, RrcMessage, RrcName } from '../../interfaces/rrc/messages.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import type { E1Session } from './e1.ts';
import type { F1Session } from './f1.ts';

/** A PDU session of a UE, with its one bearer. */
export interface UeSession {
  readonly id: number;
  readonly drb: number;
  readonly qfis: readonly number[];
  /** Where the gNB-CU-UP takes what the UPF sends. */
  readonly downlink: Tunnel;
  /** As a gNB-DU is asked for the bearer. */
  readonly atDu: DrbToSetup;
}

/** Where a UE is: its cell, and what it is called there. */
export interface UePlace {
  readonly du: F1Session;
  readonly duId: number;
  readonly cell: SeenCell;
  /** C-RNTI. */
  readonly rnti: number;
}

/** What the gNB-CU-CP has at a gNB-CU-UP for a UE. */
export interface UeBearers {
  readonly session: E1Session;
  readonly cuUpId: number;
}

/** One UE in a cell. */
export class CuUe {
  readonly id: number;
  place: UePlace;
  /** Where it is expected, while it is on its way. */
  arriving: UePlace | null = null;
  readonly rrc = new RrcNetworkSide();
  readonly sessions = new Map<number, UeSession>();
  /** As the UE says it wants something. */
  cause: AcceptedInitialCause = 'mo-Signalling';
  /** As it called itself when it asked for a connection. */
  requestedAs: RrcContents<'ulCcch', 'rrcSetupRequest'>['ue-Identity'] | null = null;
  amfId: number | null = null;
  bearers: UeBearers | null = null;
  kgnb: Uint8Array | null = null;
  /** False once the gNB-DU has forgotten it. */
  isInDu = true;
  #turn: Promise<void> = Promise.resolve();
  readonly #awaited = new Map<string, (message: RrcMessage<'ulDcch'>) => void>();

  constructor(id: number, place: UePlace) {
    this.id = id;
    this.place = place;
  }

  get du(): F1Session {
    return this.place.du;
  }

  get duId(): number {
    return this.place.duId;
  }

  get ids(): { readonly 'gNB-CU-UE-F1AP-ID': number; readonly 'gNB-DU-UE-F1AP-ID': number } {
    return { 'gNB-CU-UE-F1AP-ID': this.id, 'gNB-DU-UE-F1AP-ID': this.duId };
  }

  /** Procedures about a UE come one after the other. */
  inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work);
  }

  /** The next message of one of these names; null when none came in time. To be asked for before what it answers is sent. */
  awaits(names: readonly RrcName<'ulDcch'>[], withinMs: number): Promise<RrcMessage<'ulDcch'> | null> {
    const late = new AbortController();
    const arrived = new Promise<RrcMessage<'ulDcch'>>((resolve) => {
      for (const name of names) this.#awaited.set(name, resolve);
    });
    const over = pause(withinMs, { signal: late.signal }).then(
      () => null,
      () => null,
    );
    return Promise.race([arrived, over]).finally(() => {
      late.abort();
      for (const name of names) this.#awaited.delete(name);
    });
  }

  /** Whether somebody had waited for it. */
  arrived(message: RrcMessage<'ulDcch'>): boolean {
    const waiting = this.#awaited.get(message.name);
    waiting?.(message);
    return waiting !== undefined;
  }
}

export type AcceptedInitialCause = 'mo-Signalling' | 'mo-Data' | 'mt-Access';
